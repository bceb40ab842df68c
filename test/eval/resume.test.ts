import { expect, test } from 'vitest';
import type { ServedFacts } from '../../src/bench/report/schema.js';
import { evaluateModel } from '../../src/eval/evaluate.js';
import { type Asked, reportOf } from '../../src/eval/report.js';
import { answersOf, EarlierReport, keptRows, modelDifferences } from '../../src/eval/resume.js';
import { WAYS } from '../../src/eval/ways/list.js';
import { startFakeEngine } from '../support/fake-engine.js';
import { oracle, SET, saying } from './engines.js';

const facts: ServedFacts = {
  ...{ id: 'm', model: 'm', engine: 'embedded', engine_version: '1', quant: 'Q4_K_M', parameters: 1e8 },
  ...{ weights_bytes: 1e8, base_url: 'http://127.0.0.1:1', started: true, ctx: 4096, slots: 1 },
  hw: { device: 'cpu', gpu: [] },
};
const plan = {
  set: SET,
  tasks: ['intent'] as const,
  ways: WAYS.slice(0, 2),
  limit: 6,
  seed: 1,
  concurrency: 1,
};
const hooks = { signal: new AbortController().signal };
const frame = { set: SET, tasks: plan.tasks, seed: 1, startedAt: new Date(), interrupted: false };

function earlierOf(rows: readonly Asked[]): EarlierReport {
  const origin = {
    botllm: { version: '0' },
    client: { node: '', os: '', cpu: '', cores: 1 },
    targets: [facts],
  };
  return EarlierReport.parse(JSON.parse(JSON.stringify(reportOf(rows, { ...frame, origin }))));
}

test('a row that is gone on with is the row that was never cut: same answers, same order', async () => {
  const engine = await startFakeEngine();
  engine.answerWith(saying(oracle));
  const target = { id: 'm', baseUrl: engine.url, model: 'm' };
  const whole = await evaluateModel(target, plan, hooks);
  const cut = whole.map((row) => ({ ...row, answers: row.answers.filter((_, at) => at % 2 === 1) }));
  const earlier = earlierOf(cut);
  const asked: string[] = [];
  const rows = await evaluateModel(
    target,
    { ...plan, had: answersOf(earlier, 'm') },
    { ...hooks, onAnswer: ({ way, done, answer }) => asked.push(`${way} ${done} ${answer.id}`) },
  );
  await engine.close();
  const timeless = (all: readonly Asked[]) =>
    all.map(({ answers, ...row }) => ({ ...row, answers: answers.map((one) => ({ ...one, latencyMs: 0 })) }));
  expect(timeless(rows)).toEqual(timeless(whole));
  // The count goes on, too.
  expect(asked.map((news) => news.split(' ').slice(0, 2))).toEqual(
    ['schema', 'turns'].flatMap((way) => [4, 5, 6].map((done) => [way, String(done)])),
  );
});

test('rows that were not come to keep what they had', () => {
  const row = (model: string, way: string): Asked => ({
    model,
    way,
    control: false,
    planned: 6,
    answers: [],
  });
  const earlier = earlierOf([row('m', 'schema'), row('n', 'schema'), { ...row('echo', ''), control: true }]);
  expect(keptRows(earlier, [row('m', 'schema')])).toEqual([row('n', 'schema')]);
});

test.each([
  ['quant', { quant: 'Q8_0' }],
  ['weights_bytes', { weights_bytes: 2e8 }],
  ['weights_sha256', { weights_sha256: 'b' }],
  ['engine_version', { engine_version: '2' }],
  ['engine', { engine: 'native' }],
  ['hw.device', { hw: { device: 'gpu' as const, gpu: ['L4'] } }],
])('other weights, or another engine, are told by %s', (what, change) => {
  const earlier = { ...earlierOf([]), targets: [{ ...facts, weights_sha256: 'a' }] };
  const now = { ...facts, weights_sha256: 'a', ...change };
  expect(modelDifferences(earlier, 'm', now).map((one) => one.what)).toEqual([what]);
});

test('where it listens and who started it is no difference; a model that nobody describes is one', () => {
  const earlier = { ...earlierOf([]), targets: [{ ...facts, weights_sha256: 'a' }] };
  const elsewhere = { ...facts, base_url: 'http://127.0.0.1:2', started: false, ctx: 8192 };
  expect(modelDifferences(earlier, 'm', elsewhere)).toEqual([]);
  expect(modelDifferences(earlier, 'm', undefined)).toHaveLength(1);
  expect(modelDifferences(earlier, 'other', facts)).toHaveLength(1);
});
