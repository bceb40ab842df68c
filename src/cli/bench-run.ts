import { startInstrument } from '../bench/load/instrument.js';
import { type MeasureProgress, type MeasureSpec, measureServed } from '../bench/measure.js';
import { type MemorySubject, watchMemory } from '../bench/memory/watch.js';
import type { BenchReport } from '../bench/report/schema.js';
import { BRIEF_SCRIPT, selfTest } from '../bench/selftest/run.js';
import { benchMessages } from './bench-messages.js';
import { benchReport, servedTarget, type WeightFacts, weightFacts } from './bench-report.js';
import { type Served, servedModel } from './bench-served.js';
import type { Context } from './context.js';
import { toolsOf } from './docker.js';
import { messages } from './messages.js';
import type { Progress } from './progress.js';

/** Measures the model that is served, and says what is going on meanwhile. */
export async function runBench(
  ctx: Context,
  spec: MeasureSpec,
  options: { selfTest: boolean; label: string | undefined },
): Promise<BenchReport> {
  const { signal } = ctx;
  const startedAt = new Date();
  const found = await servedModel(ctx);
  const { served } = found;
  const weights = await weightFacts(ctx, served.root);
  const progress = ctx.out.progress();
  await using instrument = await startInstrument();
  try {
    const own = options.selfTest ? await briefSelfTest() : undefined;
    const memory = watchMemory(subjectOf(found, weights), toolsOf(ctx));
    const watch = { signal, onProgress: tell(ctx, progress) };
    // Stopped whatever became of it: it looks four times a second.
    const measured = await measureServed(instrument, served, spec, watch).catch(async (error: unknown) => {
      await memory.stop();
      throw error;
    });
    const target = servedTarget(found, weights, measured.results, await memory.stop());
    const { label } = options;
    const { loopDelay } = measured;
    return benchReport(ctx, { startedAt, spec, targets: [target], selfTest: own, loopDelay, label });
  } finally {
    progress.done();
  }

  function briefSelfTest() {
    progress.step(benchMessages.selfTesting);
    const most = Math.max(1, ...spec.loads.map((load) => (load.kind === 'closed' ? load.concurrency : 4)));
    const levels = [{ concurrency: most, requests: Math.max(10, most * 3) }];
    return selfTest({ script: BRIEF_SCRIPT, levels, instrument, signal });
  }
}

function subjectOf({ engine, facts }: Served, { path, bytes, kvBytesPerToken }: WeightFacts): MemorySubject {
  return {
    pid: engine.pid,
    contained: engine.engine === 'compose',
    engine: engine.container?.family ?? engine.engine ?? 'remote',
    weightsPath: path,
    facts: {
      weightsBytes: bytes,
      kvBytesPerToken,
      context: facts.contextTokens ?? engine.context,
      slots: facts.slots ?? engine.slots,
    },
  };
}

function levelName(load: MeasureProgress['plan']['load']): string {
  if (load.kind === 'closed') return `${load.concurrency} at once`;
  return load.kind === 'open' ? benchMessages.openLevel(load.requestRate) : benchMessages.replay;
}

/** One line that is rewritten on a terminal, a line now and then elsewhere, and an event each with `--json`. */
function tell(ctx: Context, progress: Progress): (now: MeasureProgress) => void {
  const startedAt = performance.now();
  return ({ plan, done, total }) => {
    const { load, via } = plan;
    const level = levelName(load);
    const leftS =
      done > 0 ? Math.round((((performance.now() - startedAt) / done) * (total - done)) / 1000) : undefined;
    ctx.out.event({ type: 'progress', model: plan.model, level, via, done, total });
    const left = leftS === undefined ? '' : messages.timeLeft(leftS);
    const what = benchMessages.measuring(plan.model, via === 'engine' ? level : `${level}, ${via}`);
    progress.bar(what, done / total, left);
  };
}
