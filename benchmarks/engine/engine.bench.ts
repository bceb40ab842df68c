import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { test } from 'vitest';
import { cpuThreads } from '../../src/engines/embedded/load/cpu-threads.js';
import { realModel } from '../../test/support/real-model.js';
import { bigGguf } from './big-gguf.js';
import { type Name, type Setup, start } from './contestants.js';
import { type Pair, report } from './report.js';
import { type Figures, FULL, measure, measureWaits, QUICK } from './workloads.js';

/**
 * The embedded engine beside llama.cpp's own server, one after the other, A B A B, so that a machine that
 * slows down slows both. `npm run bench:engine -- [--quick] [--pairs N] [--threads N]`
 */
const { values } = parseArgs({
  args: JSON.parse(process.env.BOTLLM_BENCH_ARGS ?? '[]') as string[],
  options: { quick: { type: 'boolean' }, pairs: { type: 'string' }, threads: { type: 'string' } },
});
const size = values.quick ? QUICK : FULL;
const pairCount = Number(values.pairs ?? (values.quick ? 1 : 5));
const threads = Number(values.threads ?? cpuThreads(Number.POSITIVE_INFINITY));
const say = (text: string) => process.stdout.write(`${text}\n`);

async function withEngine(
  name: Name,
  setup: Setup,
  work: (engine: Awaited<ReturnType<typeof start>>) => Promise<Figures>,
) {
  const started = await start(name, setup);
  try {
    return await work(started);
  } finally {
    await started.engine.kill();
  }
}

async function one(name: Name, key: string): Promise<Figures> {
  const big = await withEngine(
    name,
    { model: bigGguf(), context: 1024, slots: 8, threads },
    async ({ engine, readyMs }) => ({ 'ready, s': readyMs / 1000, ...(await measure(engine, key, size)) }),
  );
  const waits = await withEngine(
    name,
    { model: realModel(), context: 2048, slots: 4, threads },
    ({ engine }) => measureWaits(engine, key),
  );
  const figures = { ...big, ...waits };
  const shown = Object.entries(figures).map(([what, value]) => `${what} ${value.toFixed(2)}`);
  say(`${key} ${name.padEnd(8)} load ${loadavg()[0]?.toFixed(1)}: ${shown.join(' · ')}`);
  return figures;
}

test('the embedded engine beside the oracle', { timeout: 0 }, async () => {
  bigGguf();
  say(`${pairCount} pairs, ${threads} threads each; tokens/s at the client, unless a name says otherwise`);
  const pairs: Pair[] = [];
  for (let n = 1; n <= pairCount; n++) {
    const embedded = await one('embedded', `pair ${n}`);
    pairs.push({ embedded, oracle: await one('oracle', `pair ${n}`) });
  }
  const { lines, missed } = report(pairs);
  say(`\n${lines.join('\n')}`);
  say(missed.length === 0 ? '\nevery goal is met' : `\nmissed: ${missed.join('; ')}`);
});
