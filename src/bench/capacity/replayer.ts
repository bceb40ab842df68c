import type { Instrument, Measured } from '../load/instrument.js';
import { judge } from '../load/judged.js';
import type { LoopDelay } from '../load/loop-delay.js';
import type { LoadPlan } from '../load/plan.js';
import { isGood } from '../trace/slo.js';
import type { Replay } from './search.js';
import type { Slice, Target } from './typical-slice.js';

export interface Replayer {
  replay: Replay;
  /** The last that missed the target, or the last of all. */
  readonly decisive: Measured | undefined;
  /** Of the measuring process, at its worst. */
  readonly loopDelay: LoopDelay;
}

/** @param onProgress of one slice: requests that are over, and in all */
export function createReplayer(
  instrument: Instrument,
  base: LoadPlan,
  target: Target,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number, total: number) => void },
): Replayer {
  let [last, missed]: (Measured | undefined)[] = [];
  let loopDelay: LoopDelay = { p99: 0, max: 0 };
  let count = 0;
  return {
    async replay(slice) {
      if (signal.aborted) return;
      count += 1;
      const measured = await instrument.measure(slicePlan(base, slice, count), { signal, onProgress });
      if (signal.aborted) return;
      loopDelay = {
        p99: Math.max(loopDelay.p99, measured.loopDelay.p99),
        max: Math.max(loopDelay.max, measured.loopDelay.max),
      };
      const judged = judge(measured.sent);
      const good = judged.filter(({ metrics }) => isGood(metrics, { e2el: target.e2eMs })).length;
      if (good / judged.length < target.share) missed = measured;
      last = measured;
      return { attempted: judged.length, good };
    },
    get decisive() {
      return missed ?? last;
    },
    get loopDelay() {
      return loopDelay;
    },
  };
}

/** A slice as a load: those who were there before it are sent at once, and not measured. */
function slicePlan(base: LoadPlan, { burst, arrivals }: Slice, count: number): LoadPlan {
  return {
    ...base,
    load: { kind: 'arrivals', atMs: [...Array<number>(burst).fill(0), ...arrivals] },
    warmup: 0,
    burst,
    requestsPerRun: arrivals.length,
    // Also the same number of users asks afresh.
    reportId: `${base.reportId}-slice${count}`,
  };
}
