// Hands the command line over to the benchmark: vitest would take its flags for its own.
import { startVitest } from 'vitest/node';

process.env.BOTLLM_BENCH_ARGS = JSON.stringify(process.argv.slice(2));
const vitest = await startVitest('test', ['benchmarks/engine/'], {
  config: 'benchmarks/vitest.config.ts',
  run: true,
});
await vitest.close();
