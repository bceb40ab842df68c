import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { LoadPlan } from '../../../src/bench/load/plan.js';
import { probeEngine } from '../../../src/bench/probe/probe.js';
import { aPlan } from '../fixtures/plan.js';
import { content, done, finish, usageEvent } from '../trace/recorded.js';

const servers: { close(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Traits {
  /** Ends its answer after one token, unless it is told not to and obeys. */
  obeys: boolean;
  /** Takes a prompt that it has seen from its cache. */
  caches: boolean;
  /** Says how much of it. */
  tells: boolean;
  status?: number;
}

async function engine({ obeys, caches, tells, status = 200 }: Traits) {
  const bodies: {
    messages: { content: string }[];
    max_tokens?: number;
    ignore_eos?: boolean;
    cache_prompt?: boolean;
  }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (bytes: Buffer) => {
      text += bytes.toString('utf8');
    });
    request.on('end', () => {
      const body = JSON.parse(text) as (typeof bodies)[number];
      const prompt = JSON.stringify(body.messages);
      const seen = caches && bodies.some(({ messages }) => JSON.stringify(messages) === prompt);
      bodies.push(body);
      const tokens = obeys && body.ignore_eos ? (body.max_tokens ?? 1) : 1;
      response.writeHead(status, { 'content-type': 'text/event-stream' });
      const answer = () =>
        response.end(
          [
            ...Array<string>(tokens).fill(content('ok')),
            finish(),
            usageEvent(tokens, 40, tells ? 0 : undefined),
            done,
          ].join(''),
        );
      // A cache answers at once; a prompt that is read takes its time.
      setTimeout(answer, seen ? 0 : 80);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({ close: () => server.close() });
  const plan = aPlan({
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    workload: { kind: 'synthetic', promptTokens: 32, outputTokens: 64, language: 'en' },
    exact: true,
    warmup: 0,
    runs: 1,
    requestsPerRun: 1,
    timeoutMs: 5_000,
    maxInFlight: 4,
  });
  const probe = (over: Partial<LoadPlan> = {}) =>
    probeEngine({ ...plan, ...over }, { signal: new AbortController().signal, now: () => performance.now() });
  return { bodies, probe };
}

test('answers of one length are had where the engine does as it is told, and not where it does not', async () => {
  const [obedient, other] = [
    { obeys: true, caches: false, tells: true },
    { obeys: false, caches: false, tells: true },
  ];
  expect(await (await engine(obedient)).probe()).toEqual({ exact: { wanted: 16, got: 16 } });
  expect(await (await engine(other)).probe()).toEqual({ exact: { wanted: 16, got: 1 } });
  // An unknown family is not told anything that it was not asked to be told.
  const { bodies, probe } = await engine(obedient);
  expect(await probe({ exact: false })).toEqual({ exact: { wanted: 16, got: 1 } });
  expect(bodies.map(({ ignore_eos: told }) => told)).toEqual([undefined]);
});

test('where nobody tells of the cache, the same prompt twice is the evidence', async () => {
  const { bodies, probe } = await engine({ obeys: true, caches: true, tells: false });
  const { cache } = await probe();
  expect(cache?.pairs).toBe(3);
  expect(cache?.first_ttft_ms).toBeGreaterThan(70);
  expect(cache?.repeat_ttft_ms).toBeLessThan(cache?.first_ttft_ms ?? 0);
  const prompts = bodies.slice(1).map(({ messages }) => JSON.stringify(messages));
  expect([prompts[0] === prompts[1], prompts[2] === prompts[3], new Set(prompts).size]).toEqual([
    true,
    true,
    3,
  ]);
});

test('without a cache a repeat takes as long', async () => {
  const { cache } = await (await engine({ obeys: true, caches: false, tells: false })).probe();
  expect(cache?.repeat_ttft_ms).toBeGreaterThan(70);
});

test("llama.cpp's own switch is left as bots leave it", async () => {
  const { bodies, probe } = await engine({ obeys: true, caches: true, tells: false });
  await probe({ dialect: 'llamacpp' });
  expect(bodies.every((body) => body.cache_prompt !== false)).toBe(true);
});

test('a refusal tells nothing, and breaks nothing', async () => {
  expect(await (await engine({ obeys: true, caches: true, tells: false, status: 429 })).probe()).toEqual({});
});
