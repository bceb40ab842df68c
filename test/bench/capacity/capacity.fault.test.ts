import { expect, test } from 'vitest';
import { built } from '../built.js';
import { trueRate } from './queue-truth.js';

const { startInstrument } =
  await built<typeof import('../../../src/bench/load/instrument.js')>('bench/load/instrument.js');
const { startSynthetic } = await built<typeof import('../../../src/bench/selftest/engine-process.js')>(
  'bench/selftest/engine-process.js',
);
const { measureCapacity } = await built<typeof import('../../../src/bench/capacity/measure-capacity.js')>(
  'bench/capacity/measure-capacity.js',
);

const SERVICE_MS = 40;
const target = { e2eMs: 200, share: 0.95 };

test('the capacity of a real queueing engine is found within a tenth of its computed truth', async () => {
  await using engine = await startSynthetic({
    ttftMs: SERVICE_MS,
    itlMs: 0,
    tokens: 1,
    tokensPerEvent: 1,
    slots: 1,
  });
  await using instrument = await startInstrument();
  const found = await measureCapacity(
    instrument,
    { root: engine.root, model: 'synthetic', dialect: 'openai' },
    {
      perUser: 0.2,
      target,
      workload: { kind: 'synthetic', promptTokens: 8, outputTokens: 8, language: 'en' },
      requests: 80,
      slots: undefined,
      seed: 1,
      reportId: 'capacity',
    },
    { signal: new AbortController().signal },
  );
  const truth = trueRate(SERVICE_MS, target.e2eMs, target.share) / 0.2;
  process.stdout.write(
    `capacity: ${found.users} users (${found.tooMany} too many), truth ${truth.toFixed(1)}, predicted ${found.predicted}\n`,
  );
  expect(found.limit).toBe('throughput');
  expect(Math.abs(found.users / truth - 1)).toBeLessThan(0.1);
});
