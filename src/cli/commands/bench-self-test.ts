import type { SelfTestResult } from '../../bench/selftest/run.js';
import { benchMessages } from '../bench-messages.js';
import type { CommandSpec } from '../define.js';
import { EXIT } from '../exit-codes.js';
import { parse } from '../parse.js';
import { table } from '../table.js';

const ALONE = 20;
const TOGETHER = 40;
const AT_ONCE = 8;

export const benchSelfTest: CommandSpec = {
  path: 'bench self-test',
  summary: "the benchmark's own error, against an engine whose truth is known",
  options: [
    {
      flags: '--requests <n>',
      description: `requests alone (${ALONE}); twice as many at ${AT_ONCE} together`,
      parse: parse.count(1, 10_000),
    },
    {
      flags: '--max-error <ms>',
      description: 'exit 8 when a mean error of TTFT is larger',
      parse: parse.milliseconds,
    },
  ],
  toleratesBadConfig: true,
  examples: ['botllm bench self-test', 'botllm bench self-test --max-error 5 --json'],
  handler: async (ctx, { options }) => {
    const { requests = ALONE, maxError } = options as { requests?: number; maxError?: number };
    const { FIELD_SCRIPT, selfTest } = await import('../../bench/selftest/run.js');
    const progress = ctx.out.progress();
    const levels = [
      { concurrency: 1, requests },
      { concurrency: AT_ONCE, requests: Math.max(requests * 2, requests === ALONE ? TOGETHER : 2) },
    ];
    try {
      const onProgress = (done: number, total: number) =>
        progress.step(benchMessages.selfTesting, done / total);
      const found = await selfTest({ script: FIELD_SCRIPT, levels, signal: ctx.signal, onProgress });
      const worst = Math.max(
        ...found.levels.map(({ error }) => error.ttft?.mean ?? Number.POSITIVE_INFINITY),
      );
      const exitCode = maxError !== undefined && worst > maxError ? EXIT.gateFailed : EXIT.ok;
      progress.done();
      return { schema: 'bench.self-test', data: found, text: () => describe(found), exitCode };
    } finally {
      progress.done();
    }
  },
};

function describe({ script, levels, startUpMs, peakRssBytes }: SelfTestResult): string {
  const ms = (value: number | undefined) => (value === undefined ? '' : value.toFixed(2));
  const rows = levels.map(
    ({ concurrency, error: { ttft, own, engine_late, tpot, decode_percent, requests } }) => [
      String(concurrency),
      String(requests),
      ms(ttft?.mean),
      ms(ttft?.p95),
      ms(own?.mean),
      ms(own?.p95),
      ms(engine_late?.mean),
      tpot === undefined ? '' : tpot.mean.toFixed(3),
      decode_percent === undefined ? '' : `${decode_percent.toFixed(2)} %`,
    ],
  );
  return [
    benchMessages.selfTestTruth(script),
    table([...benchMessages.selfTestHead], rows),
    '',
    benchMessages.selfTestParts,
    benchMessages.selfTestCost(startUpMs, peakRssBytes),
  ].join('\n');
}
