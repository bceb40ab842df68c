import { expect, test } from 'vitest';
import { otherTools } from '../../../src/bench/trace/other-tools.js';
import { readTrace } from '../../../src/bench/trace/read-trace.js';
import { delta, done, finish, recorded, stream, usageEvent } from './recorded.js';

const saidOf = (...args: Parameters<typeof recorded>) => otherTools(readTrace(recorded(...args)));

test('one answer, seven tools: each says what its own formula makes of it', () => {
  const role = [2, delta({ role: 'assistant' })] as const;
  const end = [
    [1480, finish()],
    [1480, usageEvent(64)],
    [1481, done],
  ] as const;
  expect(saidOf([role, ...stream(64), ...end])).toEqual({
    // A bare role is its first token, and the finish its last.
    vllm: { ttftMs: 2, itlMs: 1478 / 65, tpotMs: 1478 / 63 },
    // The wait for the first token is in its time per token.
    guidellm: { ttftMs: 200, itlMs: 20, tpotMs: 1460 / 64 },
    aiperf: { ttftMs: 200, itlMs: 20, tpotMs: 20 },
    'llama-benchy': { ttftMs: 200, tpotMs: 20 },
    'inference-perf': { ttftMs: 200, itlMs: 20, tpotMs: 20 },
    llmperf: { ttftMs: 200, itlMs: 1460 / 64 },
    'genai-perf': { ttftMs: 2, itlMs: 20 },
  });
});

test('tools that do not see reasoning, or count events, are told apart from those that do', () => {
  const thinking = saidOf([
    [100, delta({ reasoning_content: 'hm' })],
    ...stream(10),
    [400, finish()],
    [401, usageEvent(11)],
  ]);
  expect([thinking?.guidellm.ttftMs, thinking?.['inference-perf'].ttftMs]).toEqual([100, 200]);
  const four = saidOf([...stream(16, 80), [1480, finish()], [1480, usageEvent(64)]]);
  expect([four?.['genai-perf'].itlMs, four?.llmperf.itlMs, four?.aiperf.itlMs]).toEqual([
    undefined,
    87.5,
    1200 / 63,
  ]);
});

test('of a failed answer nobody says anything', () => {
  expect(saidOf(stream(5))).toBeNull();
});
