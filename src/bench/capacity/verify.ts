import { centreOf } from '../statistics/interval.js';
import type { EngineModel } from './engine-model.js';
import type { Replay } from './search.js';
import { type Target, typicalSlice } from './typical-slice.js';

/** Traffic of so many users, sent as often as there are shares. */
export interface Trial {
  users: number;
  /** Good requests of all that were sent, replay by replay. */
  shares: number[];
  /** Of the shares; the interval is 95 %, by Student's t, and ends at 0 and 1. */
  mean: number;
  ci95: [number, number];
  verdict: Verdict;
}

/**
 * `missed`: the whole interval lies below the target's share. `kept`: it does not, and the mean is at most five
 * points short. `unclear`: the replays differ so much that neither can be said.
 */
export type Verdict = 'kept' | 'missed' | 'unclear';

/** Whether a capacity stands: that many users keep the target, and a fifth more miss it. */
export interface Verification {
  carried: Trial;
  overloaded: Trial;
  held: boolean;
}

export interface VerifyOptions {
  model: EngineModel;
  target: Target;
  /** Requests per second of one user. */
  perUser: number;
  /** Requests of a replay that are counted. */
  requests: number;
  /** Replays of each of the two. */
  replays: number;
  seed: number;
  replay: Replay;
  /** Before each: with how many users, and which of how many replays it is. */
  onReplay?: (users: number, turn: { at: number; of: number }) => void;
}

const TOO_MANY = 1.2;
const NEARLY = 0.05;
/** Seeds of the search and of the check do not meet. */
const AFRESH = 1_000_003;

/**
 * Sends traffic that the search never saw, of `users` and of a fifth more, in turn: what slows the machine down
 * meanwhile slows both. Each replay is a cut of a long time of its own, with the queue that it began with.
 * @returns nothing when it was interrupted
 */
export async function verifyCapacity(
  users: number,
  options: VerifyOptions,
): Promise<Verification | undefined> {
  const { model, target, perUser, requests, replays, seed, replay, onReplay } = options;
  const both = [users, Math.max(users + 1, Math.round(users * TOO_MANY))] as const;
  const shares: [number[], number[]] = [[], []];
  for (let round = 0; round < replays; round += 1) {
    for (const [which, count] of both.entries()) {
      onReplay?.(count, { at: round * 2 + which + 1, of: replays * 2 });
      const slice = typicalSlice(model, count * perUser, requests, target, seed + AFRESH * (round + 1));
      const replayed = await replay(slice);
      if (!replayed) return;
      const { attempted, good } = replayed;
      shares[which === 0 ? 0 : 1].push(attempted > 0 ? good / attempted : 0);
    }
  }
  const carried = trialOf(both[0], shares[0], target.share);
  const overloaded = trialOf(both[1], shares[1], target.share);
  return verificationOf(carried, overloaded);
}

export function verificationOf(carried: Trial, overloaded: Trial): Verification {
  return { carried, overloaded, held: carried.verdict === 'kept' && overloaded.verdict === 'missed' };
}

export function trialOf(users: number, shares: number[], share: number): Trial {
  const { mean = 0, ci95 = [0, 1] } = centreOf(shares);
  const [low, high] = ci95;
  const reaches = mean >= share - NEARLY ? 'kept' : 'unclear';
  return {
    users,
    shares,
    mean,
    ci95: [Math.max(0, low), Math.min(1, high)],
    verdict: high < share ? 'missed' : reaches,
  };
}
