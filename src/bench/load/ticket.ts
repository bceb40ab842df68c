/** What a request of a load is there for. Only `measured` ones are counted. */
export type Ticket =
  | { phase: 'warmup'; index: number }
  | { phase: 'measured'; index: number; run: number }
  /** Keeps the load up while the last measured ones are still on their way. */
  | { phase: 'filler'; index: number };

export interface TicketPlan {
  /** Completions before the first measured request. */
  warmup: number;
  /** The first so many are never measured, however long they take. */
  burst?: number | undefined;
  runs: number;
  /** So many at most, as long as the figures are not exact enough; absent: `runs`. */
  maxRuns?: number | undefined;
  requestsPerRun: number;
  runMs?: number | undefined;
}

export interface TicketOffice {
  /** What the next request is. */
  next(): Ticket;
  /** @returns whether every measured request is over */
  completed(ticket: Ticket): boolean;
  readonly done: number;
  readonly total: number;
}

const MIN_PER_RUN = 5;

/**
 * Hands out what each request is, so that one load flows from the warm-up through all runs without ever draining:
 * a slot that ends its warm-up takes a measured request at once, and other slots stay busy until the last measured
 * one ended.
 * @param isExact whether the runs that are over say enough; asked only when all of them are over, so that no measured
 * request waits for the answer
 */
export function createTicketOffice(
  plan: TicketPlan,
  now: () => number,
  isExact: () => boolean = () => true,
): TicketOffice {
  const { warmup, burst = 0, maxRuns = plan.runs, requestsPerRun, runMs } = plan;
  let runs = plan.runs;
  let index = 0;
  let warm = 0;
  let run = 0;
  let inRun = 0;
  let runSince: number | undefined;
  let issued = 0;
  let done = 0;
  let isOver = false;

  const isRunOver = () => {
    if (inRun >= requestsPerRun) return true;
    const isLate = runMs !== undefined && runSince !== undefined && now() - runSince >= runMs;
    return isLate && inRun >= Math.min(MIN_PER_RUN, requestsPerRun);
  };

  return {
    next() {
      const ticket = { index };
      index += 1;
      if (warm < warmup || ticket.index < burst) return { ...ticket, phase: 'warmup' };
      if (run < runs && isRunOver()) {
        run += 1;
        inRun = 0;
        runSince = undefined;
      }
      if (run >= runs) return { ...ticket, phase: 'filler' };
      runSince ??= now();
      inRun += 1;
      issued += 1;
      return { ...ticket, phase: 'measured', run };
    },
    completed({ phase }) {
      if (phase === 'warmup') warm += 1;
      if (phase === 'measured') done += 1;
      const isLastRun = run >= runs || (run === runs - 1 && isRunOver());
      if (isOver || !isLastRun || done < issued) return isOver;
      isOver = runs >= maxRuns || isExact();
      if (!isOver) runs += 1;
      return isOver;
    },
    get done() {
      return done;
    },
    get total() {
      return runs * requestsPerRun;
    },
  };
}
