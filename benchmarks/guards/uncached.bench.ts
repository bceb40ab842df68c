import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import type { LlmClient } from '../../src/index.js';
import { RedisServer } from '../../test/support/redis-server.js';
import { botllm } from '../built.js';
import { pairs, quick, say } from '../options.js';
import { startProgram } from '../program.js';
import { Figure, report } from '../report.js';
import { latencies, percentile } from '../timing.js';
import { bareClient } from './bare.js';
import { question } from './questions.js';

/** What the guards add to a call that the engine answers at once: all of it is ours. */
const CALLS = quick ? 500 : 2_000;
const WARM_UP = quick ? 500 : 3_000;
/** Calls of one user, who may make more. */
const PER_USER = 5;

test('calls that are not in the cache', { timeout: 0 }, async () => {
  await using engine = startProgram('guards/engine.mjs');
  await using server = await RedisServer.start();
  const home = await mkdtemp(join(tmpdir(), 'botllm-bench-'));
  const baseUrl = await engine.line();
  const bare = { undici: bareClient(baseUrl, 'undici'), own: bareClient(baseUrl, 'own') };
  const clients = {
    memory: botllm.createLlmClient({ baseUrl, store: 'memory' }),
    embedded: botllm.createLlmClient({ baseUrl, home, store: 'embedded' }),
    redis: botllm.createLlmClient({ baseUrl, redisUrl: server.url }),
  };
  let asked = 0;
  const p50 = async (calls: number, call: (n: number) => Promise<unknown>) => {
    const taken = await latencies(calls, () => {
      asked += 1;
      return call(asked);
    });
    return percentile(taken, 50);
  };
  const guarded = (llm: LlmClient, withUser: boolean) => async (n: number) => {
    const userId = withUser ? `user-${Math.floor(n / PER_USER)}` : undefined;
    const { source, error } = await llm.complete(question(n), { userId });
    if (source !== 'model') throw new Error(`an answer came from ${source}`, { cause: error });
  };
  const unguarded = (peer: keyof typeof bare) => (n: number) => bare[peer].ask(question(n));

  const cases = (['memory', 'embedded', 'redis'] as const).flatMap((store) =>
    [false, true].map((withUser) => ({
      call: guarded(clients[store], withUser),
      figure: new Figure(`p50, ms: ${store}${withUser ? ', limited' : ''}`, 'openai on undici', {
        addedAtMost: 0.3,
      }),
    })),
  );
  const own = new Figure("p50, ms: openai on Node's fetch", 'openai on undici');
  try {
    for (const { call } of cases) await p50(WARM_UP, call);
    for (const peer of ['own', 'undici'] as const) await p50(WARM_UP, unguarded(peer));
    for (let pair = 1; pair <= pairs; pair += 1) {
      for (const { figure, call } of cases)
        figure.add(await p50(CALLS, call), await p50(CALLS, unguarded('undici')));
      own.add(await p50(CALLS, unguarded('own')), await p50(CALLS, unguarded('undici')));
      say(`pair ${pair}: ${[...cases.map(({ figure }) => figure.newest), own.newest].join(' · ')}`);
    }
    report('a call that the engine answers at once', [...cases.map(({ figure }) => figure), own]);
  } finally {
    await Promise.all(Object.values(clients).map((llm) => llm.close()));
    await bare.undici.close();
    await rm(home, { recursive: true, force: true });
  }
});
