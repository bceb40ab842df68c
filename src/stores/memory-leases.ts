import type { GuardStore } from './contract.js';

interface Lease {
  token: string;
  from: number;
  until: number;
}

/** Above it the oldest claim is forgotten: at worst two ask where one would have done. */
const MAX_LEASES = 10_000;

/** Claims of this process. */
export function memoryLeases(clock: () => number): Pick<GuardStore, 'lease' | 'release'> {
  const leases = new Map<string, Lease>();

  /** All claims live about as long, so those that are over stand first. */
  function sweep(now: number): void {
    for (const [key, lease] of leases) {
      if (isHeld(lease, now) && leases.size < MAX_LEASES) return;
      leases.delete(key);
    }
  }

  return {
    async lease(key, token, ttlMs) {
      const now = clock();
      const held = leases.get(key);
      if (held && held.token !== token && isHeld(held, now)) return false;
      leases.delete(key);
      sweep(now);
      leases.set(key, { token, from: now, until: now + ttlMs });
      return true;
    },
    async release(key, token) {
      if (leases.get(key)?.token === token) leases.delete(key);
    },
  };
}

/** A claim from the future is one from before the clock stepped back; it would outlive its holder by the step. */
function isHeld({ from, until }: Lease, now: number): boolean {
  return from <= now && now < until;
}
