/** A decode step (one token for every request that decodes), or a piece of a prompt, per token. */
export type Work = 'decode' | 'prefill';

interface Trial {
  from: number;
  startedAt: number;
  /** How long such work took before the trial. */
  before: number;
  work: Work;
  ratios: number[];
}

/** A step this much slower than the best one known is suspect. Longer contexts and fuller batches cost less. */
const SUSPECT = 3;
/** Another number of threads is kept when it makes steps at least this much shorter. */
const WORTH = 0.8;
/** A trial is over at once when it makes steps this much longer. */
const HOPELESS = 1.5;
const TRIAL_STEPS = 2;
/** A calm machine comes back to all its threads after this; each failed try doubles the wait. */
const FIRST_RETRY_MS = 20_000;
const LAST_RETRY_MS = 600_000;
const SMOOTHING = 0.2;

/**
 * Chooses how many threads llama.cpp computes with. Its threads spin while they wait for each other, so one
 * that another program pushed off its core makes all the others wait for the scheduler, hundreds of times a
 * token. Measured on 2 cores (135 M model): 10 ms a token with 2 threads on an idle machine and 16 ms with 1;
 * beside two busy programs 3,000 to 6,000 ms with 2 threads and 35 to 48 ms with 1. Nothing announces that, so
 * the steps themselves are watched: when they become slow, fewer threads are tried, and later more again.
 */
export class ThreadGovernor {
  /** Most threads first. */
  private readonly levels: readonly number[];
  private index = 0;
  private trial: Trial | undefined;
  private retryMs = FIRST_RETRY_MS;
  private retryAt = 0;
  private readonly usual: Partial<Record<Work, number>> = {};
  private readonly best: Partial<Record<Work, number>> = {};
  private readonly last: Partial<Record<Work, number>> = {};

  constructor(
    threads: number,
    private readonly apply: (threads: number) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.levels = halves(threads);
    this.use(0);
  }

  get threads(): number {
    return this.levels[this.index] ?? 1;
  }

  /**
   * Finds the number of threads to begin with: from all of them down, as long as fewer are faster.
   * @param step makes one token
   */
  async calibrate(step: () => Promise<void>): Promise<void> {
    let fastest = Number.POSITIVE_INFINITY;
    let chosen = 0;
    for (let index = 0; index < this.levels.length; index++) {
      this.use(index);
      let ms = Number.POSITIVE_INFINITY;
      for (let n = 0; n < TRIAL_STEPS; n++) {
        const startedAt = this.now();
        await step();
        // The second step counts: the first one also wakes the threads up.
        ms = this.now() - startedAt;
      }
      if (ms > fastest) break;
      fastest = ms;
      chosen = index;
    }
    this.use(chosen);
    this.retryAt = this.now() + this.retryMs;
  }

  /** @param ms how long the work took that began at `startedAt` */
  observe(work: Work, startedAt: number, ms: number): void {
    if (this.trial) {
      const before = work === this.trial.work ? this.trial.before : this.usual[work];
      // Work that began before the switch says nothing about it.
      if (before !== undefined && startedAt >= this.trial.startedAt) this.judge(this.trial, ms / before);
      return;
    }
    const usual = this.usual[work] ?? ms;
    const best = Math.min(this.best[work] ?? usual, usual);
    const last = this.last[work] ?? 0;
    this.best[work] = best;
    this.last[work] = ms;
    this.usual[work] = usual + SMOOTHING * (ms - usual);
    // One slow step is an accident, two in a row are a reason to look.
    const slow = Math.min(last, ms);
    if (this.index < this.levels.length - 1 && slow > SUSPECT * best) this.try(this.index + 1, work, slow);
    else if (this.index > 0 && this.now() >= this.retryAt) this.try(this.index - 1, work, usual);
  }

  private try(index: number, work: Work, before: number, from = this.index): void {
    this.trial = { from, startedAt: this.now(), before, work, ratios: [] };
    this.use(index);
  }

  private judge(trial: Trial, ratio: number): void {
    trial.ratios.push(ratio);
    if (ratio < HOPELESS && trial.ratios.length < TRIAL_STEPS) return;
    const mean = trial.ratios.reduce((sum, one) => sum + one, 0) / trial.ratios.length;
    const upwards = this.index < trial.from;
    this.trial = undefined;
    if (mean < WORTH) {
      this.settle(trial, mean);
    } else if (!upwards && this.index < this.levels.length - 1) {
      // A few threads less may still be too many.
      this.try(this.index + 1, trial.work, trial.before, trial.from);
    } else {
      this.use(trial.from);
      if (upwards) this.retryMs = Math.min(LAST_RETRY_MS, this.retryMs * 2);
      // No fewer threads help: the work itself became slower, and that is what is usual now.
      else this.best[trial.work] = trial.before;
      this.retryAt = this.now() + this.retryMs;
    }
  }

  private settle(trial: Trial, ratio: number): void {
    this.retryMs = FIRST_RETRY_MS;
    this.retryAt = this.now() + this.retryMs;
    this.usual[trial.work] = trial.before * ratio;
    this.last[trial.work] = 0;
  }

  private use(index: number): void {
    this.index = index;
    this.apply(this.threads);
  }
}

function halves(threads: number): number[] {
  const levels = [Math.max(1, threads)];
  for (let n = Math.ceil(threads / 2); n < (levels.at(-1) ?? 1); n = Math.ceil(n / 2)) levels.push(n);
  return levels;
}
