import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { LoopDelay } from './load/loop-delay.js';
import type { BenchReport, MachineFacts } from './report/schema.js';
import type { SelfTestResult } from './selftest/run.js';

/** The machine that measured. */
export function machineFacts(): MachineFacts {
  return {
    node: process.versions.node,
    os: `${type()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() || arch(),
    cores: availableParallelism(),
    memory_bytes: totalmem(),
  };
}

/** The machine and the program that measured, with the program's own error on this very machine. */
export function clientFacts(
  selfTest: SelfTestResult | undefined,
  loopDelay: LoopDelay,
): BenchReport['client'] {
  // The level with the most at once: the error is never larger than there.
  const error = selfTest?.levels.at(-1)?.error;
  return {
    ...machineFacts(),
    transport: 'node:http',
    ...(error?.own &&
      error.tpot && { self_test: { ttft_add_ms: added(error.own), tpot_err_ms: error.tpot.mean } }),
    event_loop_delay_ms: { p99: loopDelay.p99, max: loopDelay.max },
  };
}

function added({ mean, p50, p95, p99 }: { mean: number; p50: number; p95: number; p99: number }) {
  return { mean, p50, p95, p99 };
}
