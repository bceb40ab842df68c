import { openProgressFile, type ProgressFile } from '../bench/lifecycle/progress-file.js';
import { type Instrument, startInstrument } from '../bench/load/instrument.js';
import {
  type MeasureProgress,
  type MeasureSpec,
  measureServed,
  probePlan,
  type ServedModel,
} from '../bench/measure.js';
import { type MemorySubject, watchMemory } from '../bench/memory/watch.js';
import { type Probe, probeEngine } from '../bench/probe/probe.js';
import type { RequestLine } from '../bench/records/request-line.js';
import type { Target } from '../bench/report/schema.js';
import { BRIEF_SCRIPT, type SelfTestResult, selfTest } from '../bench/selftest/run.js';
import { BotllmError } from '../errors.js';
import { runningGateway, startGateway } from './bench-gateway.js';
import { benchMessages } from './bench-messages.js';
import type { MeasureOne, Turn } from './bench-models.js';
import { type QualityLevel, withQuality } from './bench-quality.js';
import { servedTarget } from './bench-report.js';
import { type Served, servedModel } from './bench-served.js';
import type { Context } from './context.js';
import { toolsOf } from './docker.js';
import { messages } from './messages.js';
import type { Progress } from './progress.js';
import { type WeightFacts, weightFacts } from './served-facts.js';

/** One bench from its first model to its last: the measuring process, and what it found out about itself. */
export interface Session extends AsyncDisposable {
  measure: MeasureOne;
  found: {
    selfTest: SelfTestResult | undefined;
    loopDelay: { p99: number; max: number };
    /** Every request of all models. */
    lines: RequestLine[];
  };
}

export interface SessionWish {
  selfTest: boolean;
  quality: QualityLevel | undefined;
  gatewayUrl: string | undefined;
}

/** The measuring process is started with the first model that can be measured. */
export function createSession(
  ctx: Context,
  spec: MeasureSpec,
  progress: Progress,
  wish: SessionWish,
): Session {
  const { signal } = ctx;
  const found: Session['found'] = { selfTest: undefined, loopDelay: { p99: 0, max: 0 }, lines: [] };
  let instrument: Instrument | undefined;
  const startedAt = performance.now();
  const others = openProgressFile(ctx.layout);

  const begin = async (): Promise<Instrument> => {
    const started = await startInstrument();
    instrument = started;
    if (!wish.selfTest) return started;
    progress.step(benchMessages.selfTesting);
    const most = Math.max(1, ...spec.loads.map((load) => (load.kind === 'closed' ? load.concurrency : 4)));
    const levels = [{ concurrency: most, requests: Math.max(10, most * 3) }];
    found.selfTest = await selfTest({ script: BRIEF_SCRIPT, levels, instrument: started, signal });
    return started;
  };

  const withGateway = async <T>(
    there: Context,
    { served }: Served,
    work: (served: ServedModel) => Promise<T>,
  ): Promise<T> => {
    if (!spec.via.includes('gateway')) return work(served);
    const { gatewayUrl } = wish;
    if (gatewayUrl !== undefined && there.layout !== ctx.layout) {
      throw new BotllmError('USAGE', benchMessages.gatewayElsewhere, {
        hint: benchMessages.gatewayElsewhereHint,
      });
    }
    await using gateway = await (gatewayUrl === undefined
      ? startGateway(ctx, served, spec.timeoutMs)
      : runningGateway(ctx, gatewayUrl));
    return await work({ ...served, gateway: gateway.place });
  };

  return {
    found,
    measure: async (there, turn) => {
      const here = await servedModel(there);
      const weights = await weightFacts(there, here.served.root);
      const measuring = instrument ?? (await begin());
      const probe = await tried(spec, here.served, { signal, progress });
      // After Ctrl-C what was seen until then is still put together.
      const patient = { childEnv: ctx.childEnv, signal: new AbortController().signal };
      const memory = watchMemory(subjectOf(here, weights), toolsOf(patient));
      const onProgress = tell(ctx, progress, { turn, startedAt, others });
      const watch = { signal, onProgress, target: turn.at - 1 };
      // Stopped whatever became of it: it looks four times a second.
      const measured = await withGateway(there, here, (served) =>
        measureServed(measuring, served, spec, watch),
      ).catch(async (error) => {
        await memory.stop();
        throw error;
      });
      const target = withProbe(servedTarget(here, weights, measured.results, await memory.stop()), probe);
      const { loopDelay } = measured;
      found.lines.push(...measured.lines);
      found.loopDelay = {
        p99: Math.max(found.loopDelay.p99, loopDelay.p99),
        max: Math.max(found.loopDelay.max, loopDelay.max),
      };
      // Random weights stand in for speed, never for quality.
      if (wish.quality === undefined || weights.random || signal.aborted) return target;
      const { quality: level } = wish;
      return withQuality(ctx, target, here.served, { level, seed: spec.seed, progress });
    },
    [Symbol.asyncDispose]: async () => {
      await others.close();
      await instrument?.[Symbol.asyncDispose]();
    },
  };
}

/**
 * What the engine understands, tried before it is measured.
 * @throws BotllmError `ENGINE_ERROR` when answers of one length were asked for and cannot be had
 */
async function tried(
  spec: MeasureSpec,
  served: Served['served'],
  { signal, progress }: { signal: AbortSignal; progress: Progress },
): Promise<Probe> {
  if (spec.workload.kind !== 'synthetic' || !spec.via.includes('engine')) return {};
  progress.step(benchMessages.trying(served.model));
  const probe = await probeEngine(probePlan(served, spec), { signal, now: () => performance.now() });
  const { wanted = 1, got = 0 } = probe.exact ?? {};
  if (spec.exact && got < wanted && !signal.aborted) {
    throw new BotllmError('ENGINE_ERROR', benchMessages.notExact(served.model, wanted, got), {
      hint: benchMessages.notExactHint,
    });
  }
  return probe;
}

function withProbe(target: Target, { exact, cache }: Probe): Target {
  return {
    ...target,
    capabilities: { ...target.capabilities, ...(exact && { ignore_eos: exact.got >= exact.wanted }) },
    ...(cache && { cache_probe: cache }),
  };
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

/** A load for people. */
export function loadText(load: MeasureProgress['plan']['load']): string {
  if (load.kind === 'closed') return `${load.concurrency} at once`;
  return load.kind === 'open' ? benchMessages.openLevel(load.requestRate) : benchMessages.replay;
}

/**
 * One line that is rewritten on a terminal, a line now and then elsewhere, and an event each with `--json`: how
 * much of all models is done, and how long the rest takes if it goes on like this.
 */
function tell(
  ctx: Context,
  progress: Progress,
  { turn, startedAt, others }: { turn: Turn; startedAt: number; others: ProgressFile },
) {
  const began = new Date(performance.timeOrigin + startedAt).toISOString();
  return ({ plan, done, total }: MeasureProgress): void => {
    const { load, via } = plan;
    const level = loadText(load);
    const share = (turn.at - 1 + done / total) / turn.of;
    const spentS = (performance.now() - startedAt) / 1000;
    const left = share > 0 ? messages.timeLeft(Math.round((spentS / share) * (1 - share))) : '';
    others.tell({ model: plan.model, load: level, ...turn, share: Math.min(1, share), startedAt: began });
    ctx.out.event({ type: 'progress', model: plan.model, level, via, done, total, ...turn });
    const whole = turn.of === 1 ? plan.model : `${plan.model} (${turn.at}/${turn.of})`;
    const what = benchMessages.measuring(whole, via === 'engine' ? level : `${level}, ${via}`);
    progress.bar(what, share, left);
  };
}
