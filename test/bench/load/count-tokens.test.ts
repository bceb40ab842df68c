import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { levelResult } from '../../../src/bench/load/level-result.js';
import type { LoadPlan } from '../../../src/bench/load/plan.js';
import { runLevel } from '../../../src/bench/load/run-level.js';
import { aPlan } from '../fixtures/plan.js';
import { content, done, finish, usageEvent } from '../trace/recorded.js';

const WORDS = ['один', 'два', 'три'];
const servers: { close(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers without a count, two words an event; its tokenizer, if any, takes a word for a token. */
async function engine(tokenize: ((body: Record<string, unknown>) => unknown) | undefined, usage?: number) {
  const asked: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (bytes: Buffer) => {
      text += bytes.toString('utf8');
    });
    request.on('end', () => {
      if (request.url !== '/tokenize') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const events = Array.from({ length: 6 }, () => content(`${WORDS.join(' ')} `));
        return response.end(
          [...events, finish('length'), ...(usage ? [usageEvent(usage)] : []), done].join(''),
        );
      }
      const body = JSON.parse(text) as Record<string, unknown>;
      asked.push(body);
      const counted = tokenize?.(body);
      response.writeHead(counted === undefined ? 404 : 200, { 'content-type': 'application/json' });
      return response.end(JSON.stringify(counted ?? { error: 'no such address' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({ close: () => server.close() });
  return { root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function measured(root: string, dialect: LoadPlan['dialect'], via: LoadPlan['via'] = 'engine') {
  const plan = aPlan({
    root,
    dialect,
    via,
    workload: { kind: 'synthetic', promptTokens: 16, outputTokens: 18, language: 'ru' },
    warmup: 0,
    runs: 1,
    requestsPerRun: 2,
    timeoutMs: 5_000,
    maxInFlight: 4,
  });
  const signal = new AbortController().signal;
  const record = await runLevel(plan, { signal, now: () => performance.now(), onProgress: () => undefined });
  return levelResult(plan, record, undefined);
}

const words = (text: unknown) => String(text).trim().split(/\s+/);
/** As each family says it; TGI puts a start token before, which stands for no text. */
const FAMILIES = {
  llamacpp: (body) => ({ tokens: words(body.content) }),
  vllm: (body) => ({ count: words(body.prompt).length, max_model_len: 4096 }),
  tgi: (body) => [
    { id: 1, text: '<s>', start: 0, stop: 0 },
    ...words(body.inputs).map((text) => ({ text, start: 0, stop: 3 })),
  ],
} satisfies Record<string, (body: Record<string, unknown>) => unknown>;

test.each(Object.entries(FAMILIES))(
  '%s counts the whole text of answers whose tokens it did not tell',
  async (name, tokenize) => {
    const { root, asked } = await engine(tokenize);
    const { tokens, flags } = await measured(root, name as keyof typeof FAMILIES);
    expect(tokens).toMatchObject({ source: 'tokenize', out_mean: 18, chunks_per_token: 6 / 18 });
    expect(flags).not.toContain('tokens_estimated');
    // The answer in one piece, once for each request, without what a prompt would begin with.
    expect(asked).toHaveLength(2);
    expect(JSON.stringify(asked[0])).toContain(`${WORDS.join(' ')} ${WORDS.join(' ')}`);
    if (name !== 'tgi') expect(Object.values(asked[0] ?? {})).toContain(false);
  },
);

test('a server of no known family is asked in two ways, and then in the one that it understood', async () => {
  const { root, asked } = await engine((body) => ('prompt' in body ? FAMILIES.vllm(body) : undefined));
  expect((await measured(root, 'openai')).tokens).toMatchObject({ source: 'tokenize', out_mean: 18 });
  expect(asked.map((body) => 'prompt' in body)).toEqual([false, true, true]);
});

test('through our own client they are counted as well', async () => {
  const { root } = await engine(FAMILIES.llamacpp);
  expect((await measured(root, 'llamacpp', 'client')).tokens).toMatchObject({
    source: 'tokenize',
    out_mean: 18,
  });
});

test('usage goes before, and then nobody is asked', async () => {
  const { root, asked } = await engine(FAMILIES.llamacpp, 17);
  expect((await measured(root, 'llamacpp')).tokens).toMatchObject({ source: 'usage', out_mean: 17 });
  expect(asked).toEqual([]);
});

test('without a tokenizer the events are counted, and the report says that it is a guess', async () => {
  const { root, asked } = await engine(undefined);
  const { tokens, flags } = await measured(root, 'llamacpp');
  expect([tokens.source, tokens.out_mean, flags.includes('tokens_estimated')]).toEqual([
    'estimated',
    6,
    true,
  ]);
  // One refusal is enough.
  expect(asked).toHaveLength(1);
});
