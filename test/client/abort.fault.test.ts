import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { seeded } from '../../src/bench/statistics/random.js';
import { createLlmClient, type LlmClient } from '../../src/client/client.js';
import type { CallOptions } from '../../src/client/open-call.js';
import type { LlmClientOptions } from '../../src/client/options.js';
import { isBotllmError } from '../../src/errors.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import {
  completion,
  type FakeEngine,
  type Reply,
  refuse,
  silent,
  stalledBody,
  startFakeEngine,
} from '../support/fake-engine.js';
import { begun, chatter, drip } from '../support/fault-replies.js';
import { figure } from '../support/figure.js';
import { intent } from './setup.js';
import { chat } from './ways.js';

const SEED = 20_261_124;
const RUNS = 500;
const AT_ONCE = 20;
const LATEST_ABORT_MS = 80;
/** What an abort may take before it is a hang. */
const HANGING_MS = 20_000;
/** For all of it, on a machine that is busy with other tests. */
const PATIENCE_MS = 240_000;

type Ask = (llm: LlmClient, text: string, options: CallOptions) => Promise<unknown>;
const talk: Ask = (llm, text, options) =>
  llm.chat({ messages: [{ role: 'user', content: text }] }, { ...options, cache: false });
const read: Ask = async (llm, text, options) => {
  const stream = llm.stream({ messages: [{ role: 'user', content: text }] }, { ...options, cache: false });
  for await (const _ of stream);
};

interface Scene {
  reply: Reply;
  ask?: Ask;
  client?: LlmClientOptions;
  /** A call that goes before the others and is not aborted. */
  before?: Ask;
  /** The call may be over before it is aborted. */
  mayEnd?: true;
  /** By what one sees that the call is there; by default the engine has its request. */
  arrival?: 'the engine' | 'a retry' | 'nothing';
}

const slow = () => new Promise<never>(() => {});
const memory = createMemoryStore();

/** Everywhere that a call can be while it waits. */
const SCENES: Record<string, Scene> = {
  'the wait before a retry': { reply: refuse(503, {}, { 'retry-after': '20' }), arrival: 'a retry' },
  // They end after a second, and then so does the call.
  'the questions about the engine': {
    reply: completion('x'),
    client: { detect: true },
    mayEnd: true,
    arrival: 'nothing',
  },
  'the read of the cache': {
    reply: completion('x'),
    client: { store: { ...memory, cacheGet: slow } },
    arrival: 'nothing',
    ask: (llm, text, options) => llm.completePrompt({ prompt: text }, options),
  },
  'the question for quota': {
    reply: completion('x'),
    client: { store: { ...memory, take: slow } },
    arrival: 'nothing',
    ask: (llm, text, options) => talk(llm, text, { ...options, userId: 'u' }),
  },
  "the wait for another's flight": {
    reply: silent,
    before: (llm, _, options) => llm.chat(chat, options),
    arrival: 'nothing',
    ask: (llm, _, options) => llm.chat(chat, options),
  },
  'the wait for a place': { reply: silent, client: { maxConcurrency: 1 }, before: talk, arrival: 'nothing' },
  'silence before the head': { reply: silent },
  'silence in the body': { reply: stalledBody },
  'a slow body': { reply: drip('{"choices":[', 40) },
  'silence before a stream': { reply: silent, ask: read },
  'a stream that goes on': { reply: chatter, ask: read },
  'a stream that stands still': { reply: begun(silent), ask: read },
  'an answer that comes': { reply: completion('x', { delayMs: LATEST_ABORT_MS / 2 }), mayEnd: true },
  'a stream that ends': { reply: completion('x', { delayMs: LATEST_ABORT_MS / 2 }), ask: read, mayEnd: true },
  'a task': {
    reply: silent,
    ask: (llm, text, options) => llm.complete(intent(text), { ...options, onFailure: 'throw' }),
  },
};

describe('an abort', () => {
  it(
    `settles the call at once and closes its socket, at ${RUNS} random moments (seed ${SEED})`,
    async () => {
      const random = seeded(SEED);
      const stage = await Stage.set();
      const late: number[] = [];
      let next = 0;
      const worker = async () => {
        for (let run = next++; run < RUNS; run = next++) {
          const names = Object.keys(SCENES);
          const scene = names[Math.floor(random() * names.length)] ?? '';
          // One in three anywhere on its way, the others where the scene wants them.
          late.push(await stage.abortOne(scene, `run-${run}`, random() * LATEST_ABORT_MS, random() < 1 / 3));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      late.sort((a, b) => a - b);
      const at = (share: number) => late[Math.ceil(late.length * share) - 1]?.toFixed(1);
      figure(`${RUNS} aborts settled after p50 ${at(0.5)}, p99 ${at(0.99)}, at most ${at(1)} ms`);
      expect(late.at(-1)).toBeLessThan(HANGING_MS);
      for (const scene of Object.keys(SCENES)) expect(stage.arrived[scene] ?? 0, scene).toBeGreaterThan(5);
      await expect
        .poll(() => stage.openSockets(), { timeout: HANGING_MS, message: 'sockets of aborted calls' })
        .toEqual([]);
      await stage.stillServes();
    },
    PATIENCE_MS,
  );
});

/** One engine that plays every scene, and a client for each. */
class Stage {
  private readonly clients = new Map<string, LlmClient>();
  /** Requests that wait before a retry. */
  private readonly retrying = new Set<string>();
  /** How often a call was aborted where the scene wants it. */
  readonly arrived: Record<string, number> = {};

  private constructor(
    private readonly engine: FakeEngine,
    private readonly shy: FakeEngine,
  ) {}

  static async set(): Promise<Stage> {
    const stage = new Stage(await startFakeEngine(), await startFakeEngine({ shy: true }));
    const stop = new AbortController();
    onTestFinished(async () => {
      stop.abort();
      for (const llm of stage.clients.values()) await llm.close({ drainMs: 0 });
      await stage.engine.close();
      await stage.shy.close();
    });
    stage.engine.answerWith((response, request) => {
      const scene = String(request.headers['x-request-id']).split('.')[0] ?? '';
      return Object.values(SCENES)[Number(scene)]?.reply(response, request);
    });
    for (const [index, [name, { client, before }]] of Object.entries(SCENES).entries()) {
      const llm = createLlmClient({
        baseUrl: client?.detect ? stage.shy.url : stage.engine.url,
        ...(client?.detect ? {} : { model: 'm' }),
        store: memory,
        dialect: 'llamacpp',
        detect: false,
        maxConcurrency: 100,
        onEvent: ({ event, requestId }) => {
          if (event === 'llm_retry') stage.retrying.add(requestId);
        },
        ...client,
      });
      stage.clients.set(name, llm);
      if (before) {
        before(llm, 'first', { requestId: `${index}.first`, signal: stop.signal }).catch(() => {});
        await expect.poll(() => stage.engine.of(`${index}.first`).length).toBe(1);
      }
    }
    return stage;
  }

  /** @returns milliseconds between the abort and the end of the call */
  async abortOne(name: string, run: string, afterMs: number, mayBeEarly: boolean): Promise<number> {
    const [scene, llm] = [SCENES[name], this.clients.get(name)];
    if (!scene || !llm) throw new Error(name);
    const controller = new AbortController();
    const reason = new Error(run);
    const requestId = `${Object.keys(SCENES).indexOf(name)}.${run}`;
    let ending: unknown = 'HANGS';
    let settledAt = Number.NaN;
    const call = (scene.ask ?? talk)(llm, run, { requestId, signal: controller.signal }).then(
      () => {
        ending = 'done';
        settledAt = performance.now();
      },
      (error) => {
        ending = isBotllmError(error, 'ABORTED') && error.cause === reason ? 'aborted' : error;
        settledAt = performance.now();
      },
    );
    const isThere = () => {
      if (scene.arrival === 'nothing') return true;
      return scene.arrival === 'a retry'
        ? this.retrying.has(requestId)
        : this.engine.of(requestId).length > 0;
    };
    const startedAt = performance.now();
    while (!mayBeEarly && !isThere() && performance.now() - startedAt < HANGING_MS) await sleep(1);
    await sleep(afterMs);
    if (isThere()) this.arrived[name] = (this.arrived[name] ?? 0) + 1;
    const abortedAt = performance.now();
    controller.abort(reason);
    await Promise.race([call, sleep(HANGING_MS, undefined, { ref: false })]);
    expect(scene.mayEnd ? ['done', 'aborted'] : ['aborted'], name).toContain(ending);
    return Math.max(0, settledAt - abortedAt);
  }

  /** Aborted calls whose socket the engine still holds. */
  openSockets(): string[] {
    return this.engine.seen.flatMap(({ headers, closed }) => {
      const id = String(headers['x-request-id']);
      return closed || id.endsWith('.first') ? [] : [id];
    });
  }

  /** Places and flights came back: each client answers as if nothing had been. */
  async stillServes(): Promise<void> {
    this.engine.answerWith(completion('hello'));
    const clean = Object.entries(SCENES).filter(([, { before, client }]) => !before && !client);
    for (const [name] of clean) {
      const llm = this.clients.get(name);
      const all = Array.from({ length: 100 }, (_, i) => llm && talk(llm, `after ${i}`, {}));
      for (const result of await Promise.all(all)) expect(result, name).toMatchObject({ content: 'hello' });
    }
  }
}
