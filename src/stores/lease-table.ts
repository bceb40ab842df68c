import type { Database, RootDatabase } from 'lmdb';
import { fits, Sweep, type When, write } from './transaction.js';

type Lease = [from: number, until: number, token: string];

/** Claims of processes. One whose holder was killed ends by its time; every claim removes some that are over. */
export class LeaseTable {
  private readonly leases: Database<Lease, string>;
  private readonly sweep: Sweep<Lease>;

  constructor(private readonly root: RootDatabase) {
    this.leases = root.openDB({ name: 'leases' });
    this.sweep = new Sweep(this.leases, (lease, now) => !isHeld(lease, now));
  }

  async lease(when: When, key: string, token: string, ttlMs: number): Promise<boolean | null> {
    return write(this.root, when, this.leasing(when, key, token, ttlMs));
  }

  /** What is to be done inside a transaction. */
  leasing(when: When, key: string, token: string, ttlMs: number): () => boolean {
    if (!fits(key)) throw new RangeError('key');
    return () => {
      const now = when.now();
      const held = this.leases.get(key);
      this.sweep.step(now);
      if (held && held[2] !== token && isHeld(held, now)) return false;
      this.leases.put(key, [now, now + ttlMs, token]);
      return true;
    };
  }

  async release(when: When, key: string, token: string): Promise<null> {
    await write(this.root, when, () => {
      if (this.leases.get(key)?.[2] === token) this.leases.remove(key);
    });
    return null;
  }
}

/** A claim from the future is one from before the clock stepped back; it would outlive its holder by the step. */
function isHeld([from, until]: Lease, now: number): boolean {
  return from <= now && now < until;
}
