import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'vitest';
import { seeded } from '../../src/bench/statistics/random.js';
import { FakeEngineProcess } from '../../test/support/fake-engine-process.js';
import { botllm } from '../built.js';
import { pairs, quick, say } from '../options.js';
import { Figure, report } from '../report.js';
import { percentile } from '../timing.js';
import { question } from './questions.js';

/**
 * Ten times as many calls as the engine can answer, arriving by chance, half of them from one of 21 users;
 * beside it the same engine at capacity: as many callers as places, each with his next call when he has his
 * answer, so that none ever waits.
 */
const PLACES = 4;
/** Long enough that the machine's own time does not show. */
const CALL_MS = 250;
const OVERLOAD = 10;
const USERS = 20;
const FOR_MS = quick ? 10_000 : 30_000;
const CAPACITY_MS = quick ? 5_000 : 10_000;
const SEED = 20261124;

interface Served {
  user: string;
  tookMs: number;
}

test('ten times the load', { timeout: 0 }, async () => {
  const engine = await FakeEngineProcess.start({ delayMs: CALL_MS });
  const random = seeded(SEED);
  let asked = 0;

  /** Runs a load against a new client. @returns the calls that the engine answered, and how many were turned away */
  const under = async (load: (ask: (user: string) => Promise<void>) => Promise<unknown>) => {
    const llm = botllm.createLlmClient({
      baseUrl: engine.url,
      store: 'memory',
      rateLimit: 0,
      maxConcurrency: PLACES,
    });
    const served: Served[] = [];
    let turnedAway = 0;
    const others = new Map<string, number>();
    await llm.warmup();
    await load(async (userId) => {
      asked += 1;
      const { source, latencyMs, error } = await llm.complete(question(asked), { userId });
      if (source === 'model') served.push({ user: userId, tookMs: latencyMs });
      else if (error?.code === 'OVERLOADED') turnedAway += 1;
      else others.set(error?.code ?? source, (others.get(error?.code ?? source) ?? 0) + 1);
    });
    await llm.close();
    for (const [ending, count] of others) say(`${count} calls ended otherwise: ${ending}`);
    return { served, turnedAway };
  };

  const capacity = () =>
    under(async (ask) => {
      const end = performance.now() + CAPACITY_MS;
      const caller = async (_: unknown, i: number) => {
        while (performance.now() < end) await ask(`u${i}`);
      };
      await Promise.all(Array.from({ length: PLACES }, caller));
    });

  const overload = () =>
    under(async (ask) => {
      const gapMs = CALL_MS / PLACES / OVERLOAD;
      const calls: Promise<void>[] = [];
      const startedAt = performance.now();
      for (let at = 0; at < FOR_MS; at += gapMs * -Math.log(1 - random())) {
        const early = startedAt + at - performance.now();
        if (early > 1) await sleep(early);
        calls.push(ask(random() < 0.5 ? 'flood' : `u${Math.floor(random() * USERS)}`));
      }
      await Promise.all(calls);
    });

  const p95 = (served: readonly Served[]) =>
    percentile(
      served.map(({ tookMs }) => tookMs).sort((a, b) => a - b),
      95,
    );
  const latency = new Figure('p95 of the admitted, ms', 'at capacity', { ratioAtMost: 1.5 });
  const throughput = new Figure('answers a second', 'at capacity', { ratioAtLeast: 0.9 });
  const share = new Figure('share of the calls turned away', '');
  const least = new Figure("least user's answers beside the mean", '', { atLeast: 0.3 });
  try {
    await capacity();
    for (let pair = 1; pair <= pairs; pair += 1) {
      const full = await capacity();
      const over = await overload();
      latency.add(p95(over.served), p95(full.served));
      throughput.add((over.served.length / FOR_MS) * 1000, (full.served.length / CAPACITY_MS) * 1000);
      share.add(over.turnedAway / (over.turnedAway + over.served.length));
      const counts = Array.from(
        { length: USERS },
        (_, i) => over.served.filter(({ user }) => user === `u${i}`).length,
      );
      least.add(Math.min(...counts) / (counts.reduce((sum, count) => sum + count, 0) / USERS));
      say(`pair ${pair}: ${[latency, throughput, share, least].map(({ newest }) => newest).join(' · ')}`);
    }
    report(`${OVERLOAD} times the load (seed ${SEED})`, [latency, throughput, share, least]);
  } finally {
    await engine.kill();
  }
});
