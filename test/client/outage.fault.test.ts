import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLlmClient } from '../../src/client/client.js';
import { FakeEngineProcess } from '../support/fake-engine-process.js';
import { figure } from '../support/figure.js';
import { intent } from './setup.js';

const CALLERS = 200;
const PAUSE_MS = 400;
/** What callers may do before the breaker has seen enough. */
const SETTLING_MS = 2000;
const OUTAGE_MS = 5000;
const HANGING_MS = 60_000;

interface Ended {
  at: number;
  attempts: number;
  ending: string;
}

describe('an engine that goes away under load', () => {
  it.each([
    ['killed', (engine: FakeEngineProcess) => engine.kill(), (engine: FakeEngineProcess) => engine.restart()],
    [
      'frozen',
      async (engine: FakeEngineProcess) => engine.freeze(),
      async (engine: FakeEngineProcess) => engine.thaw(),
    ],
  ])(
    'is left alone while it is %s, and used again soon after it is back',
    async (how, leave, comeBack) => {
      const engine = await FakeEngineProcess.start({ delayMs: 5 });
      onTestFinished(() => engine.kill());
      const llm = createLlmClient({
        baseUrl: engine.url,
        model: 'm',
        store: 'memory',
        timeoutMs: 1000,
        deadlineMs: 5000,
        maxConcurrency: 32,
      });
      onTestFinished(() => llm.close());
      await llm.warmup();
      const ended: Ended[] = [];
      let stopped = false;
      const caller = async (index: number) => {
        await sleep((PAUSE_MS * index) / CALLERS);
        for (let i = 0; !stopped; i += 1) {
          const { attempts, error, source } = await llm.complete(intent(`${index} ${i}`), { cache: false });
          ended.push({ at: performance.now(), attempts, ending: error?.code ?? source });
          await sleep(PAUSE_MS);
        }
      };
      const callers = Array.from({ length: CALLERS }, (_, index) => caller(index));
      const answers = (from: number) =>
        ended.filter(({ at, ending }) => at >= from && ending === 'model').length;
      await expect.poll(() => answers(0), { timeout: HANGING_MS }).toBeGreaterThan(CALLERS);

      const leftAt = performance.now();
      await leave(engine);
      await sleep(OUTAGE_MS);
      const cameAt = performance.now();
      await comeBack(engine);
      const backAt = performance.now();
      await expect.poll(() => answers(backAt), { timeout: HANGING_MS, interval: 10 }).toBeGreaterThan(0);
      const recoveryMs =
        (ended.find(({ at, ending }) => at >= backAt && ending === 'model')?.at ?? 0) - backAt;
      // Everybody is served again, not only the one who tried first.
      await expect.poll(() => answers(backAt), { timeout: HANGING_MS }).toBeGreaterThan(2 * CALLERS);
      stopped = true;
      await Promise.all(callers);

      const during = ended.filter(({ at }) => at > leftAt + SETTLING_MS && at < cameAt);
      const attempts = during.reduce((sum, { attempts: own }) => sum + own, 0);
      figure(
        `${how} engine: ${attempts} attempts for ${during.length} calls (${((100 * attempts) / during.length).toFixed(1)} %), ` +
          `used again ${recoveryMs.toFixed(0)} ms after it was back`,
      );
      expect(during.length).toBeGreaterThan(CALLERS);
      expect(during.filter(({ ending }) => ending === 'model')).toEqual([]);
      expect(attempts / during.length).toBeLessThanOrEqual(0.1);
    },
    240_000,
  );
});
