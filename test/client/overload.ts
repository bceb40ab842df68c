import { type AdmissionOptions, createAdmission } from '../../src/client/admission.js';
import { isBotllmError } from '../../src/errors.js';
import type { Priority } from '../../src/types.js';

export interface Arrival {
  user: string;
  priority?: Priority;
  /** What the engine will need for it. */
  callMs: number;
  deadlineMs?: number;
}

export interface Served {
  user: string;
  priority: Priority;
  arrivedAt: number;
  waitMs: number;
  totalMs: number;
}

export interface Simulation {
  served: Served[];
  shed: { user: string; priority: Priority; retryAfterMs: number; arrivedAt: number }[];
}

/** Calls in front of an engine, in a time of their own: events happen one after another, nothing waits. */
export async function simulate(
  arrivals: readonly { at: number; arrival: Arrival }[],
  options: Partial<AdmissionOptions> = {},
): Promise<Simulation> {
  let now = 0;
  const events: { at: number; run: () => void }[] = [];
  const at = (time: number, run: () => void) => {
    let index = events.length;
    while (index > 0 && (events[index - 1]?.at ?? 0) > time) index -= 1;
    events.splice(index, 0, { at: time, run });
  };
  const admission = createAdmission({ places: 4, maxQueued: 128, now: () => now, ...options });
  const result: Simulation = { served: [], shed: [] };

  const arrive = async ({ user, priority = 'interactive', callMs, deadlineMs = 45_000 }: Arrival) => {
    const arrivedAt = now;
    const deadline = new AbortController();
    at(arrivedAt + deadlineMs, () => deadline.abort('deadline'));
    const patience = { signal: deadline.signal, remainingMs: () => arrivedAt + deadlineMs - now };
    try {
      const leave = await admission.enter({ user, priority }, patience);
      const waitMs = now - arrivedAt;
      at(now + callMs, () => {
        leave(true);
        result.served.push({ user, priority, arrivedAt, waitMs, totalMs: now - arrivedAt });
      });
    } catch (error) {
      const retryAfterMs = isBotllmError(error) ? (error.retryAfterMs ?? 0) : -1;
      result.shed.push({ user, priority, retryAfterMs, arrivedAt });
    }
  };

  for (const { at: time, arrival } of arrivals) at(time, () => void arrive(arrival));
  for (let event = events.shift(); event; event = events.shift()) {
    now = event.at;
    event.run();
    // Whoever this woke takes his step before time goes on.
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  }
  return result;
}

export interface LoadOptions {
  /** Calls that arrive, as a multiple of what the engine can serve. */
  load: number;
  places: number;
  meanMs: number;
  forMs: number;
  random: () => number;
  /** A call's length from a number between 0 and 1; default: the mean, a fifth more or less. */
  lengthOf?: (chance: number) => number;
  userOf: (chance: number) => string;
}

/** Arrivals by chance (Poisson) at a multiple of the engine's capacity. */
export function poisson(options: LoadOptions): { at: number; arrival: Arrival }[] {
  const { load, places, meanMs, forMs, random, userOf } = options;
  const { lengthOf = (chance: number) => meanMs * (0.8 + 0.4 * chance) } = options;
  const gapMs = meanMs / places / load;
  const arrivals = [];
  for (let time = 0; time < forMs; time += -Math.log(1 - random()) * gapMs) {
    arrivals.push({ at: time, arrival: { user: userOf(random()), callMs: lengthOf(random()) } });
  }
  return arrivals;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
