import { wilson } from '../statistics/wilson.js';
import { type EngineModel, meanOf, topRate } from './engine-model.js';
import { longShare, type Slice, type Target, typicalSlice } from './typical-slice.js';

/** What came of so many users. */
export interface Probe {
  users: number;
  /** Requests of all its replays. */
  attempted: number;
  good: number;
  /** `good / attempted` is at least the target's share. */
  passed: boolean;
}

/**
 * Sends a slice to the engine; what was there before its beginning is sent and not counted.
 * @returns nothing when it was interrupted
 */
export type Replay = (slice: Slice) => Promise<{ attempted: number; good: number } | undefined>;

export interface SearchOptions {
  model: EngineModel;
  target: Target;
  /** Requests per second of one user. */
  perUser: number;
  /** Requests of one replay that are counted. */
  requests: number;
  seed: number;
  replay: Replay;
  onProbe?: (users: number, probe: Probe | undefined) => void;
}

export interface CapacityFound {
  /** The most users that were measured to be carried; 0: not even one is. */
  users: number;
  /** The fewest that were measured not to be; absent where none was found. */
  tooMany?: number | undefined;
  /** Where the model of the engine had it, before anything was measured there. */
  predicted: number;
  probes: Probe[];
}

/** How near the two must come to each other. */
const CLOSE = 1.1;
const STEP = 1.06;
const MOST_PROBES = 10;
const MOST_CHECKS = 5;
/** Near the limit one replay says little: of a hundred requests, luck alone moves the share by some points. */
const MOST_REPLAYS = 3;
/** Seeds of replays lie apart. */
const AFRESH = 10_007;

/**
 * Finds the knee: a model of the engine says where to look, measurements at that place say where it is. It ends when
 * a number of users was measured to be carried and one at most a tenth larger was measured not to be; or with what is
 * known when it is interrupted. The most that passed are sent once more: of several that are tried, one passes by luck.
 */
export async function searchCapacity(options: SearchOptions): Promise<CapacityFound> {
  const { onProbe } = options;
  const predicted = predict(options);
  const probes: Probe[] = [];
  let replays = 0;
  const send = async (users: number) => {
    onProbe?.(users, undefined);
    const at = probes.findIndex((probe) => probe.users === users);
    const probe = await measured(users, replays, options, probes[at]);
    if (!probe) return;
    replays += MOST_REPLAYS;
    probes.splice(at < 0 ? probes.length : at, 1, probe);
    onProbe?.(users, probe);
    return probe;
  };
  let next = Math.max(1, predicted);
  while (probes.length < MOST_PROBES && (await send(next))) {
    const { carried, tooMany } = sidesOf(probes);
    if (tooMany !== undefined && isClose(carried, tooMany)) break;
    next = nextUsers(carried, tooMany, probes.length);
  }
  for (let checks = 0; checks < MOST_CHECKS; checks += 1) {
    const { carried, tooMany } = sidesOf(probes);
    const isNear = tooMany === undefined || isClose(carried, tooMany);
    const users = isNear ? carried : Math.max(carried, Math.floor(tooMany / STEP));
    if (users === 0) break;
    const probe = await send(users);
    if (!probe || probe.passed) break;
  }
  const { carried, tooMany } = sidesOf(probes);
  return { users: carried, tooMany, predicted, probes };
}

/** The most that passed and the fewest that did not: nothing above those is sent, so they lie in this order. */
export function sidesOf(probes: readonly Probe[]): { carried: number; tooMany: number | undefined } {
  const usersOf = (passed: boolean) =>
    probes.filter((one) => one.passed === passed).map(({ users }) => users);
  const failed = usersOf(false);
  return {
    carried: Math.max(0, ...usersOf(true)),
    tooMany: failed.length > 0 ? Math.min(...failed) : undefined,
  };
}

function isClose(carried: number, tooMany: number): boolean {
  return tooMany <= carried + 1 || (carried > 0 && tooMany / carried <= CLOSE);
}

/**
 * Sends so many users again until the share of good requests is surely above the limit or surely below it; what they
 * were measured before counts, too.
 */
async function measured(
  users: number,
  replays: number,
  { model, target, perUser, requests, seed, replay }: SearchOptions,
  before?: Probe,
): Promise<Probe | undefined> {
  let { attempted, good } = before ?? { attempted: 0, good: 0 };
  for (let time = 0; time < MOST_REPLAYS; time += 1) {
    const slice = typicalSlice(
      model,
      users * perUser,
      requests,
      target,
      seed + users + (replays + time) * AFRESH,
    );
    const replayed = await replay(slice);
    if (!replayed) break;
    attempted += replayed.attempted;
    good += replayed.good;
    const [low, high] = wilson(good, attempted);
    if (low > target.share || high < target.share) break;
  }
  return attempted > 0 ? { users, attempted, good, passed: good / attempted >= target.share } : undefined;
}

/** Outwards in steps that double, until the knee lies between two; then halfway. */
function nextUsers(carried: number, tooMany: number | undefined, probes: number): number {
  const step = STEP ** (2 ** (probes - 1));
  if (tooMany === undefined) return Math.max(carried + 1, Math.round(carried * step));
  if (carried === 0) return Math.max(1, Math.min(tooMany - 1, Math.floor(tooMany / step)));
  return Math.min(tooMany - 1, Math.max(carried + 1, Math.round(Math.sqrt(carried * tooMany))));
}

/** The most users whose long-run share of good requests is enough, by the model. */
function predict({ model, target, perUser, seed }: SearchOptions): number {
  let low = 0;
  let high = Math.max(1, Math.ceil((topRate(model) * 1.5) / perUser));
  // What does not even fit alone is asked of the engine all the same, with one user.
  if (meanOf(model.aloneMs) > target.e2eMs) return 0;
  while (high - low > Math.max(1, low / 100)) {
    const middle = Math.floor((low + high) / 2);
    if (longShare(model, middle * perUser, target, seed) >= target.share) low = middle;
    else high = middle;
  }
  return low;
}
