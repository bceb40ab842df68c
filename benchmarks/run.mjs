// `node benchmarks/run.mjs <folder>[/<benchmark>] [--quick] [--pairs N]` runs the benchmarks of one folder, or one
// of them, one after another. Hands the command line over to them: vitest would take its flags for its own.
import { startVitest } from 'vitest/node';

const [what, ...args] = process.argv.slice(2);
if (what === undefined)
  throw new Error('usage: node benchmarks/run.mjs <folder>[/<benchmark>] [--quick] [--pairs N]');
process.env.BOTLLM_BENCH_ARGS = JSON.stringify(args);
const vitest = await startVitest('test', [`benchmarks/${what}`], {
  config: 'benchmarks/vitest.config.ts',
  run: true,
});
await vitest.close();
