import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';

/** What every benchmark understands: `--quick` (one pair, less work), `--pairs N`. */
const { values } = parseArgs({
  args: JSON.parse(process.env.BOTLLM_BENCH_ARGS ?? '[]') as string[],
  options: { quick: { type: 'boolean' }, pairs: { type: 'string' } },
});

export const quick = values.quick === true;
/** A B A B …: what slows the machine down slows both. */
export const pairs = Number(values.pairs ?? (quick ? 1 : 5));
if (!(Number.isInteger(pairs) && pairs > 0)) throw new Error('--pairs takes a whole number from 1');

export const say = (text: string) => process.stdout.write(`${text}\n`);

/** Where a figure comes from; figures of two machines are not compared. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() || process.arch;
  const load = loadavg().map((n) => n.toFixed(1));
  return `${model} × ${availableParallelism()}, Node ${process.versions.node}, load ${load.join(' ')}`;
}
