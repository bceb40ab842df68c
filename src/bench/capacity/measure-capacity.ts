import { BotllmError } from '../../errors.js';
import type { Instrument } from '../load/instrument.js';
import { judge } from '../load/judged.js';
import type { LoopDelay } from '../load/loop-delay.js';
import type { LoadPlan, Workload } from '../load/plan.js';
import type { Sent } from '../load/sent.js';
import type { ServedModel } from '../measure.js';
import { messages } from '../messages.js';
import { type EngineModel, meanOf } from './engine-model.js';
import { climb } from './ladder.js';
import { type Limit, limitOf } from './limit.js';
import { createReplayer } from './replayer.js';
import { type CapacityFound, type Probe, searchCapacity } from './search.js';
import type { Target } from './typical-slice.js';
import { type Verification, verifyCapacity } from './verify.js';

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
  /** Replays of what was found and of a fifth more; absent: none. */
  replays?: number | undefined;
}

export interface CapacityResult extends CapacityFound {
  /** Requests per second of that many users. */
  perSecond: number;
  limit: Limit;
  /** One answer alone, in milliseconds. */
  aloneMs: number;
  model: EngineModel;
  loopDelay: LoopDelay;
  /** What is here was measured, the rest was not. */
  interrupted?: true;
  /** Absent when none was asked for, when not even one user is carried, or when it was interrupted. */
  verification?: Verification;
}

export type CapacityNews =
  | { step: 'ladder'; atOnce: number }
  | { step: 'probe'; users: number; done: number; total: number; probe?: Probe | undefined }
  | { step: 'verify'; users: number; at: number; of: number; done: number; total: number };

/** One load that was sent to its end: so many at once on the ladder, else so many users. */
export type CapacityLoad = LoadStep & { plan: LoadPlan; sent: readonly Sent[] };
export type LoadStep =
  | { step: 'ladder'; atOnce: number }
  | { step: 'probe'; users: number }
  | { step: 'verify'; users: number; at: number; of: number };

export interface CapacityWatch {
  signal: AbortSignal;
  onNews?: (news: CapacityNews) => void;
  /** Every load with its requests, in the order in which they were sent. */
  onLoad?: ((load: CapacityLoad) => void) | undefined;
}

const LEAST_TIMEOUT_MS = 10_000;
/** What takes as long as this is no answer to anybody. */
const TIMEOUT_FACTOR = 4;
const MAX_IN_FLIGHT = 1024;

/**
 * The highest number of users that an engine carries within a limit, measured at that number: first its answers per
 * second at one, two, four … at once, then minutes of users, sent at their own moments, on both sides of the knee.
 * @throws BotllmError `ENGINE_ERROR` when it answers nothing; the signal's reason, before any number was measured
 */
export async function measureCapacity(
  instrument: Instrument,
  served: ServedModel,
  spec: CapacitySpec,
  watch: CapacityWatch,
): Promise<CapacityResult> {
  const { signal, onNews } = watch;
  const base = basePlan(served, spec);
  let now: LoadStep = { step: 'ladder', atOnce: 1 };
  const telling = tellingLoads(instrument, (plan, sent) => watch.onLoad?.({ ...now, plan, sent }));
  const model = await climb(telling, {
    plan: base,
    requests: spec.requests,
    slots: spec.slots,
    signal,
    onRung: (atOnce) => {
      now = { step: 'ladder', atOnce };
      onNews?.(now);
    },
  });
  if (model.aloneMs.length === 0) {
    throw new BotllmError('ENGINE_ERROR', messages.noAnswer(0, served.model, served.root), {
      hint: messages.noAnswerHint,
    });
  }
  const onProgress = (done: number, total: number) => {
    if (now.step !== 'ladder') onNews?.({ ...now, done, total });
  };
  const replayer = createReplayer(telling, base, spec.target, { signal, onProgress });
  const options = { ...spec, model, replay: replayer.replay };
  const found = await searchCapacity({
    ...options,
    onProbe: (users, probe) => {
      now = { step: 'probe', users };
      if (probe) onNews?.({ step: 'probe', users, done: probe.attempted, total: probe.attempted, probe });
    },
  });
  if (found.probes.length === 0) signal.throwIfAborted();
  const limit = limitOf({
    model,
    e2eMs: spec.target.e2eMs,
    probe: judge(replayer.decisive?.sent ?? []).map(({ metrics }) => metrics),
    loopDelay: replayer.loopDelay,
  });
  const onReplay = (users: number, turn: { at: number; of: number }) => {
    now = { step: 'verify', users, ...turn };
  };
  const verification =
    spec.replays !== undefined && found.users > 0
      ? await verifyCapacity(found.users, { ...options, replays: spec.replays, onReplay })
      : undefined;
  return {
    ...found,
    perSecond: found.users * spec.perUser,
    limit,
    aloneMs: meanOf(model.aloneMs),
    model,
    loopDelay: replayer.loopDelay,
    ...(signal.aborted && { interrupted: true }),
    ...(verification && { verification }),
  };
}

/** The same instrument; a load that was interrupted is no load. */
function tellingLoads(
  instrument: Instrument,
  onLoad: (plan: LoadPlan, sent: readonly Sent[]) => void,
): Instrument {
  return {
    ...instrument,
    async measure(plan, watch) {
      const measured = await instrument.measure(plan, watch);
      if (!watch.signal.aborted) onLoad(plan, measured.sent);
      return measured;
    },
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
