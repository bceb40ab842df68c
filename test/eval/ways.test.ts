import { describe, expect, test } from 'vitest';
import { caseIdOf } from '../../src/eval/request-id.js';
import { OWN_LABELS } from '../../src/eval/set/labels.js';
import type { Way } from '../../src/eval/ways/contract.js';
import { DEFAULT_WAY, WAYS } from '../../src/eval/ways/list.js';
import { schemaWay } from '../../src/eval/ways/schema.js';
import { completion, type Reply, type SeenRequest } from '../support/fake-engine.js';
import { only, oracle, reportWith, SET, saying } from './engines.js';

const wayOf = (name: string): Way => {
  const way = WAYS.find((one) => one.name === name);
  if (!way) throw new Error(name);
  return way;
};

/** The report of an oracle asked in a way, and what it was asked. */
async function asked(way: Way, reply: Reply = saying(oracle), limit = 32) {
  const seen: SeenRequest[] = [];
  const report = await reportWith(
    (response, request) => {
      seen.push(request);
      return reply(response, request);
    },
    { tasks: ['intent'], ways: [way], limit },
  );
  return { ...only(report), seen, report };
}

describe('the ways of asking', () => {
  test('begin with the schema, which is the default', () => {
    expect(DEFAULT_WAY).toBe(WAYS[0]);
    expect(DEFAULT_WAY.name).toBe('schema');
    expect(WAYS.map(({ name }) => name)).toEqual(['schema', 'turns', 'label', 'word', 'free']);
  });

  test('schema: what a bot sends, with the labels in the schema, temperature 0, nothing cached', async () => {
    const { score, seen } = await asked(wayOf('schema'));
    expect(score.right.rate).toBe(1);
    expect(seen).toHaveLength(32);
    for (const { body } of seen) {
      expect(body.temperature).toBe(0);
      expect(body.response_format?.json_schema?.schema?.properties?.intent?.enum).toHaveLength(16);
    }
  });

  test('free: the same words, and no schema', async () => {
    const [held, free] = [await asked(wayOf('schema')), await asked(wayOf('free'))];
    expect(free.score.right.rate).toBe(1);
    expect(free.seen.map(({ body }) => body.response_format)).toEqual(free.seen.map(() => undefined));
    const words = ({ seen }: typeof free) => seen.map(({ body }) => JSON.stringify(body.messages)).sort();
    expect(words(free)).toEqual(words(held));
  });

  test('label: no example, the label alone held by a grammar, the message last', async () => {
    const { score, seen } = await asked(
      wayOf('label'),
      saying((one) => JSON.stringify({ intent: one.task === 'intent' ? one.expected : '' })),
    );
    expect(score.right.rate).toBe(1);
    for (const { body } of seen) {
      expect(body.messages?.map(({ role }) => role)).toEqual(['system', 'user']);
      expect(Object.keys(body.response_format?.json_schema?.schema?.properties ?? {})).toEqual(['intent']);
    }
    const systems = new Set(seen.map(({ body }) => body.messages?.[0]?.content));
    expect(systems.size).toBe(1);
  });

  test('turns: a solved example a label before the message, none of them among the cases', async () => {
    const { seen } = await asked(wayOf('turns'));
    const shown = seen[0]?.body.messages?.filter(({ role }) => role === 'assistant') ?? [];
    expect(new Set(shown.map(({ content }) => (JSON.parse(content) as { intent: string }).intent)).size).toBe(
      16,
    );
  });

  test('word: the likeliest beginning of a word wins over the word that was said', async () => {
    const by = new Map(SET.cases.map((one) => [one.id, one]));
    const sure: Reply = (response, request) => {
      const one = by.get(caseIdOf(String(request.headers['x-request-id'])));
      const label = one?.task === 'intent' ? one.expected : '';
      const word = OWN_LABELS.find(({ name }) => name === label)?.word ?? 'other';
      const top = [
        { token: 'Well', logprob: Math.log(0.5) },
        { token: ` ${word.slice(0, 4)}`, logprob: Math.log(0.3) },
        { token: word === 'staff' ? 'pri' : 'sta', logprob: Math.log(0.1) },
      ];
      const logprobs = { content: [{ token: 'Well', logprob: Math.log(0.5), top_logprobs: top }] };
      return completion('Well, hard to say', { logprobs, finish: 'length' })(response, request);
    };
    const { score, seen, report } = await asked(wayOf('word'), sure);
    expect(score.right.rate).toBe(1);
    expect(score.marks.jsonStrict).toBeUndefined();
    expect(report.answers.map(({ confidence }) => confidence)).toEqual(
      report.answers.map(() => expect.closeTo(0.75, 5)),
    );
    for (const { body } of seen)
      expect(body).toMatchObject({ logprobs: true, top_logprobs: 20, temperature: 0 });
  });

  test('word: a beginning of several words counts for each of them by its share alone', async () => {
    // `c` may become cancel, check or complaint: no one of them is as likely as payment.
    const top = [
      { token: 'c', logprob: Math.log(0.4) },
      { token: 'pay', logprob: Math.log(0.3) },
    ];
    const logprobs = { content: [{ token: 'c', logprob: Math.log(0.4), top_logprobs: top }] };
    const { report } = await asked(wayOf('word'), completion('check', { logprobs }), 2);
    expect(report.answers.map(({ got }) => got)).toEqual(['payment_methods', 'payment_methods']);
    expect(report.answers[0]?.confidence).toBeCloseTo(0.3 / 0.7, 10);
  });

  test('word: an engine without probabilities is taken at its word, and nonsense is no answer', async () => {
    const { score } = await asked(wayOf('word'), completion('Refund.'));
    const refunds = score.marks.inScope?.hits ?? 0;
    expect(refunds).toBeGreaterThan(0);
    expect(score.marks.valid?.rate).toBe(1);
    const { score: nonsense } = await asked(wayOf('word'), completion('refundable banana'));
    expect(nonsense.marks.valid?.rate).toBe(0);
    expect(nonsense.right.hits).toBe(0);
  });

  test('another way is another entry: it is asked, graded and compared like the rest', async () => {
    const shouting: Way = {
      ...schemaWay,
      name: 'shouting',
      ask: (one, call) =>
        schemaWay.ask(one.task === 'intent' ? { ...one, text: one.text.toUpperCase() } : one, call),
    };
    const report = await reportWith(saying(oracle), {
      tasks: ['intent'],
      ways: [DEFAULT_WAY, shouting],
      limit: 32,
    });
    expect(report.rows.map(({ way }) => way)).toEqual(['schema', 'shouting']);
    expect(report.comparisons).toEqual([expect.objectContaining({ n: 32, verdict: '~', p: 1 })]);
  });
});
