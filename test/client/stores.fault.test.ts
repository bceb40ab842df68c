import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
// The built library: the embedded store's file is held by a process of its own, which runs from dist.
import { createLlmClient, type LlmClient, type LlmClientOptions } from '../../dist/index.js';
import { seeded } from '../../src/bench/statistics/random.js';
import type { Store } from '../../src/stores/contract.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { storeFolder } from '../stores/processes.js';
import { completion, type FakeEngine, startFakeEngine } from '../support/fake-engine.js';
import { figure } from '../support/figure.js';
import { patientStore } from '../support/patient-store.mjs';
import { RedisServer, redisIsMissing } from '../support/redis-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const SEED = 15;
/** The attempts and the deadline of a call are far longer: what is late here waited for its store. */
const HANGING_MS = 20_000;
const chat = (content: string) => ({ messages: [{ role: 'user' as const, content }] });

const STORES: Record<string, () => Promise<Store>> = {
  memory: async () => createMemoryStore(),
  embedded: () => patientStore({ folder: newFolder() }),
  ...(!redisIsMissing && { redis: async () => patientStore({ url: (await newRedis()).url }) }),
};

describe.each(Object.entries(STORES))('two bots that share a store, %s', (_, open) => {
  it('never have an answer or a quota of the other, whatever they are called', async () => {
    const store = await open();
    onTestFinished(() => store.close());
    const engine = await counting();
    const scopes = [
      '-',
      'shop',
      'SHOP',
      'shop:',
      'shop:chat',
      'shop:chat:m',
      ' shop',
      'магазин',
      '*',
      '?',
      '%2F',
      '/',
      'a@b',
    ];
    const clients = scopes.map((scope) => clientFor(engine, { store, scope, rateLimit: 1 }));
    const first = [];
    for (const llm of clients) first.push(await llm.chat(chat('the same'), { userId: 'u' }));
    expect(first.map(({ source }) => source)).toEqual(scopes.map(() => 'model'));
    expect(new Set(first.map(({ content }) => content)).size).toBe(scopes.length);
    // Each one finds his own again, which costs no quota, and has used up his own quota alone.
    for (const [index, llm] of clients.entries()) {
      const again = await llm.chat(chat('the same'), { userId: 'u' });
      expect(again).toMatchObject({ source: 'cache', content: first[index]?.content });
      await expect(llm.chat(chat('another'), { userId: 'u' })).rejects.toMatchObject({
        code: 'RATE_LIMIT_EXCEEDED',
      });
    }
    expect(engine.seen).toHaveLength(scopes.length);
  });
});

describe.skipIf(redisIsMissing)('a client whose Redis fails under it', () => {
  const FAILURES: Record<string, (server: RedisServer, proxy: TcpProxy) => void | Promise<void>> = {
    'is killed': (server) => server.kill(),
    freezes: (server) => server.freeze(),
    'is a black hole': (_, proxy) => {
      proxy.silent = true;
    },
    'answers late': (_, proxy) => {
      proxy.delayMs = 200;
    },
    'loses its replies': (_, proxy) => {
      proxy.losesReplies = true;
    },
    'breaks every connection': (_, proxy) => {
      proxy.refuses = true;
      proxy.cut();
    },
    'is full': async (server) => {
      await server.cli('config', 'set', 'maxmemory', '1');
    },
    'is a replica': async (server) => {
      await server.cli('replicaof', '127.0.0.1', '1');
    },
  };

  it.each(Object.entries(FAILURES))(
    'loses no call when it %s, and keeps its users to their limit',
    async (name, fail) => {
      const told: string[] = [];
      const onEvent = ({ event }: { event: string }) => void told.push(event);
      const { server, proxy, llm } = await behindProxy({ rateLimit: 5, onEvent });
      const before = await timed(llm, 40, 'before');
      await fail(server, proxy);
      const during = await timed(llm, 120, 'during');
      figure(
        `Redis ${name}: a call took p99 ${during.p99} ms, ${before.p99} ms before, then p50 ${during.lateP50} ms`,
      );
      expect(during.endings).toEqual({ model: 120 });
      expect(during.longest).toBeLessThan(HANGING_MS);
      // The same rule goes on in memory: some calls of a user pass, and never all of them.
      const asked = await Promise.allSettled(
        Array.from({ length: 50 }, (_, i) => llm.chat(chat(`u ${i}`), { userId: 'greedy' })),
      );
      const passed = asked.filter(({ status }) => status === 'fulfilled').length;
      expect(passed).toBeGreaterThan(0);
      // A full Redis limits still; where a busy machine did not hear it in time, memory counted as well.
      const countedTwice = name === 'is full' && told.includes('llm_store_degraded');
      expect(passed).toBeLessThanOrEqual(countedTwice ? 10 : 5);
    },
  );

  it('uses it again soon after it is back', async () => {
    const { server, llm } = await behindProxy({});
    await timed(llm, 10, 'before');
    await server.kill();
    await timed(llm, 20, 'without');
    await server.restart();
    const backAt = performance.now();
    // What is in Redis again is what is asked twice.
    let i = 0;
    await expect
      .poll(
        async () => {
          i += 1;
          await llm.chat(chat(`again ${i}`));
          return Number(await server.cli('dbsize'));
        },
        { timeout: HANGING_MS * 2, interval: 50 },
      )
      .toBeGreaterThan(0);
    figure(`Redis back in use ${(performance.now() - backAt).toFixed(0)} ms after its restart`);
  });

  it(`lets go at once of a caller who leaves while it is waited for (seed ${SEED})`, async () => {
    const { proxy, llm } = await behindProxy({});
    await timed(llm, 5, 'before');
    proxy.delayMs = 80;
    const random = seeded(SEED);
    const late: number[] = [];
    for (let run = 0; run < 60; run += 1) {
      const controller = new AbortController();
      const call = llm.chat(chat(`run ${run}`), { userId: `u${run}`, signal: controller.signal }).then(
        () => 'done',
        (error) => error.code,
      );
      await sleep(random() * 80);
      const from = performance.now();
      controller.abort();
      expect(['ABORTED', 'done']).toContain(await call);
      late.push(performance.now() - from);
    }
    late.sort((a, b) => a - b);
    figure(`60 aborts at a Redis that takes 80 ms settled after at most ${late.at(-1)?.toFixed(1)} ms`);
    expect(late.at(-1)).toBeLessThan(HANGING_MS);
  });
});

/** A client whose Redis lies behind a wire that can be cut. */
async function behindProxy(options: LlmClientOptions) {
  const server = await newRedis();
  const proxy = await TcpProxy.start(server.port);
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  const llm = clientFor(await counting(), { redisUrl: proxy.url, ...options });
  return { server, proxy, llm };
}

/** Different calls, four at a time: how they ended and how long they took. */
async function timed(llm: LlmClient, calls: number, name: string) {
  const took: number[] = [];
  const endings: Record<string, number> = {};
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < calls; i = next++) {
      const from = performance.now();
      const ending = await llm.chat(chat(`${name} ${i}`)).then(
        ({ source }) => source,
        (error) => error.code ?? String(error),
      );
      took.push(performance.now() - from);
      endings[ending] = (endings[ending] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  const at = (values: number[], share: number) =>
    values.sort((a, b) => a - b)[Math.ceil(values.length * share) - 1]?.toFixed(1);
  const lateP50 = at(took.slice(calls / 2), 0.5);
  return { endings, lateP50, p99: at(took, 0.99), longest: Math.max(...took) };
}

/** An engine that never gives the same answer twice. */
async function counting(): Promise<FakeEngine> {
  const engine = await startFakeEngine();
  onTestFinished(() => engine.close());
  engine.answerWith((response, request) => completion(`answer ${engine.seen.length}`)(response, request));
  return engine;
}

function clientFor(engine: FakeEngine, options: LlmClientOptions): LlmClient {
  const llm = createLlmClient({ baseUrl: engine.url, model: 'm', ...options });
  onTestFinished(() => llm.close());
  return llm;
}

function newFolder(): string {
  const { folder, remove } = storeFolder();
  onTestFinished(remove);
  return folder;
}

async function newRedis(): Promise<RedisServer> {
  const server = await RedisServer.start();
  onTestFinished(() => server.stop());
  return server;
}
