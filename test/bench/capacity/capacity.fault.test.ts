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
const PER_USER = 0.2;
/** A limit of eight answers puts the number of users near the engine's own, which a fifth more is beyond. */
const target = { e2eMs: 8 * SERVICE_MS, share: 0.95 };
/** What holds a process up for so long changes what is carried: so much is said of the instrument as well. */
const LATE_MS = 20;

// The engine is a process of its own whose every answer takes the same time: what it carries is known. Whether the
// figure of a model stands on a machine that others use, too, is printed by `npm run bench:capacity`.
test('the capacity of a real queueing engine is found within a tenth of its computed truth, and stands: a fifth more miss the limit', {
  timeout: 900_000,
}, async () => {
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
      perUser: PER_USER,
      target,
      workload: { kind: 'synthetic', promptTokens: 8, outputTokens: 8, language: 'en' },
      requests: 80,
      slots: undefined,
      seed: 16,
      reportId: 'capacity',
      // As many as the command sends: of fewer, an interval is wide by chance.
      replays: 8,
    },
    { signal: new AbortController().signal },
  );
  const late = (await engine.served())
    .map(({ firstSentAt, firstDueAt }) => firstSentAt - firstDueAt)
    .sort((a, b) => a - b);
  const engineP99 = late[Math.floor(late.length * 0.99)] ?? Number.NaN;
  const truth = trueRate(SERVICE_MS, target.e2eMs, target.share) / PER_USER;
  const { verification } = found;
  process.stdout.write(
    `capacity: ${found.users} users (${found.tooMany} too many), truth ${truth.toFixed(1)}, predicted ${found.predicted}; engine late p99 ${engineP99.toFixed(1)} ms; ${JSON.stringify(verification)}\n`,
  );
  expect(['throughput', 'client']).toContain(found.limit);
  // Nothing that holds an answer up makes an engine carry more.
  expect(found.users).toBeLessThan(1.1 * truth);
  expect(found.tooMany).toBeGreaterThan(found.users);
  if (found.limit === 'client' || engineP99 > LATE_MS) return;
  expect(found.users).toBeGreaterThan(0.9 * truth);
  expect(verification?.carried).toMatchObject({ users: found.users, verdict: 'kept' });
  expect(verification?.overloaded).toMatchObject({ users: Math.round(found.users * 1.2), verdict: 'missed' });
  expect(verification?.held).toBe(true);
});
