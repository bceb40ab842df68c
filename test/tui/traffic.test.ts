import { describe, expect, test } from 'vitest';
import { parseExposition } from '../../src/observability/exposition.js';
import { count, noCounts } from '../../src/tui/counts.js';
import { TrafficWindow } from '../../src/tui/traffic.js';

const text = (success: number, failed: number, slow: number) => `# HELP llm_requests_total Finished calls
# TYPE llm_requests_total counter
llm_requests_total{type="chat_completion",status="success"} ${success}
llm_requests_total{type="completion",status="failed"} ${failed}
llm_cache_hits_total{model="qwen3-1.7b"} ${success / 2}
llm_tokens_total{model="a \\"quoted\\" name",type="output"} ${success * 10}
llm_errors_total{model="x",error_type="timeout"} ${failed}
llm_latency_ms_bucket{le="100",type="c",cached="false"} ${success}
llm_latency_ms_bucket{le="1000",type="c",cached="false"} ${success + slow}
llm_latency_ms_bucket{le="+Inf",type="c",cached="false"} ${success + slow}
process_cpu_seconds_total 5
`;
const counts = (...texts: string[]) => {
  const all = noCounts();
  for (const one of texts) count(all, parseExposition(one));
  return all;
};

describe('counters', () => {
  test('of several addresses add up', () => {
    expect(counts(text(4, 1, 0), text(6, 0, 2))).toMatchObject({
      success: 10,
      failed: 1,
      hits: 5,
      outputTokens: 100,
    });
  });
});

describe('traffic', () => {
  test('has no rates until counters were read twice: what was not measured is absent', () => {
    const window = new TrafficWindow();
    expect(window.add(0, counts(text(100, 0, 0))).recent).toBeUndefined();
    const { calls, recent } = window.add(30_000, counts(text(108, 2, 2)));
    expect(calls).toBe(110);
    expect(recent).toMatchObject({ perMinute: 20, failedShare: 0.2, errors: { timeout: 2 } });
    expect(recent?.hitShare).toBeCloseTo(0.4);
  });

  test('is of the last minute', () => {
    const window = new TrafficWindow();
    for (let second = 0; second <= 120; second += 10) window.add(second * 1_000, counts(text(second, 0, 0)));
    const { recent } = window.add(130_000, counts(text(120, 0, 0)));
    expect(recent?.perMinute).toBeCloseTo(50, 0);
    expect(recent?.history.at(-1)).toBe(0);
  });

  test('begins anew when a process did', () => {
    const window = new TrafficWindow();
    window.add(0, counts(text(500, 0, 0)));
    expect(window.add(1_000, counts(text(3, 0, 0))).recent).toBeUndefined();
    expect(window.add(2_000, counts(text(4, 0, 0))).recent?.perMinute).toBe(60);
  });
});
