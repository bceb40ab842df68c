import { BotllmError } from '../../errors.js';
import type { Instrument, Measured } from '../load/instrument.js';
import { judge } from '../load/judged.js';
import type { LoopDelay } from '../load/loop-delay.js';
import type { LoadPlan, Workload } from '../load/plan.js';
import type { ServedModel } from '../measure.js';
import { messages } from '../messages.js';
import { isGood } from '../trace/slo.js';
import { type EngineModel, meanOf } from './engine-model.js';
import { climb } from './ladder.js';
import { type Limit, limitOf } from './limit.js';
import { type CapacityFound, type Probe, searchCapacity } from './search.js';
import type { Slice, Target } from './typical-slice.js';

export interface CapacitySpec {
  /** Requests per second of one user. */
  perUser: number;
  target: Target;
  workload: Workload;
  /** Requests of each probe. */
  requests: number;
  /** Requests at once, as the engine says. */
  slots: number | undefined;
  seed: number;
  reportId: string;
}

export interface CapacityResult extends CapacityFound {
  /** Requests per second of that many users. */
  perSecond: number;
  limit: Limit;
  /** One answer alone, in milliseconds. */
  aloneMs: number;
  model: EngineModel;
  loopDelay: LoopDelay;
}

export type CapacityNews =
  | { step: 'ladder'; atOnce: number }
  | { step: 'probe'; users: number; done: number; total: number; probe?: Probe | undefined };

const LEAST_TIMEOUT_MS = 10_000;
/** What takes as long as this is no answer to anybody. */
const TIMEOUT_FACTOR = 4;
const MAX_IN_FLIGHT = 1024;

/**
 * The highest number of users that an engine carries within a limit, measured at that number: first its answers per
 * second at one, two, four … at once, then minutes of users, sent at their own moments, on both sides of the knee.
 * @throws BotllmError `ENGINE_ERROR` when it answers nothing
 */
export async function measureCapacity(
  instrument: Instrument,
  served: ServedModel,
  spec: CapacitySpec,
  watch: { signal: AbortSignal; onNews?: (news: CapacityNews) => void },
): Promise<CapacityResult> {
  const { signal, onNews } = watch;
  const base = basePlan(served, spec);
  const model = await climb(instrument, {
    plan: base,
    requests: spec.requests,
    slots: spec.slots,
    signal,
    onRung: (atOnce) => onNews?.({ step: 'ladder', atOnce }),
  });
  if (model.aloneMs.length === 0) {
    throw new BotllmError('ENGINE_ERROR', messages.noAnswer(0, served.model, served.root), {
      hint: messages.noAnswerHint,
    });
  }
  let loopDelay: LoopDelay = { p99: 0, max: 0 };
  let users = 0;
  const last: { measured?: Measured; failed?: Measured } = {};
  const found = await searchCapacity({
    ...spec,
    model,
    replay: async (slice) => {
      const plan = slicePlan(base, slice, users);
      const measured = await instrument.measure(plan, {
        signal,
        onProgress: (done, total) => onNews?.({ step: 'probe', users, done, total }),
      });
      signal.throwIfAborted();
      loopDelay = {
        p99: Math.max(loopDelay.p99, measured.loopDelay.p99),
        max: Math.max(loopDelay.max, measured.loopDelay.max),
      };
      const judged = judge(measured.sent);
      const good = judged.filter(({ metrics }) => isGood(metrics, { e2el: spec.target.e2eMs })).length;
      if (good / judged.length < spec.target.share) last.failed = measured;
      last.measured = measured;
      return { attempted: judged.length, good };
    },
    onProbe: (count, probe) => {
      users = count;
      if (probe)
        onNews?.({ step: 'probe', users: count, done: probe.attempted, total: probe.attempted, probe });
    },
  });
  const decisive = last.failed ?? last.measured;
  const limit = limitOf({
    model,
    e2eMs: spec.target.e2eMs,
    probe: judge(decisive?.sent ?? []).map(({ metrics }) => metrics),
    loopDelay,
  });
  return {
    ...found,
    perSecond: found.users * spec.perUser,
    limit,
    aloneMs: meanOf(model.aloneMs),
    model,
    loopDelay,
  };
}

function basePlan(served: ServedModel, spec: CapacitySpec): LoadPlan {
  return {
    ...served,
    via: 'engine',
    workload: spec.workload,
    load: { kind: 'closed', concurrency: 1 },
    cold: true,
    warmup: 2,
    runs: 1,
    requestsPerRun: 1,
    timeoutMs: Math.max(LEAST_TIMEOUT_MS, spec.target.e2eMs * TIMEOUT_FACTOR),
    seed: spec.seed,
    reportId: spec.reportId,
    maxInFlight: MAX_IN_FLIGHT,
  };
}

/** A slice as a load: those who were there before it are sent at once, and not measured. */
function slicePlan(base: LoadPlan, { burst, arrivals }: Slice, users: number): LoadPlan {
  return {
    ...base,
    load: { kind: 'arrivals', atMs: [...Array<number>(burst).fill(0), ...arrivals] },
    warmup: 0,
    burst,
    requestsPerRun: arrivals.length,
    reportId: `${base.reportId}-users${users}`,
  };
}
