import type { Database, RootDatabase } from 'lmdb';
import type { LimitDecision } from './contract.js';
import { assertLimit, decide, look } from './decide.js';
import type { UsersSome } from './keeper-protocol.js';
import { ALL_LIMITS } from './keys.js';
import { UserTally } from './tally.js';
import { count, fits, page, Sweep, type When, write } from './transaction.js';
import type { Step } from './walk.js';

type Log = [until: number, ...stamps: number[]];

/** Users' accepted calls. Every take looks at two other users' logs and removes those that are over. */
export class LogTable {
  private readonly logs: Database<Log, string>;
  private readonly sweep: Sweep<Log>;

  constructor(private readonly root: RootDatabase) {
    this.logs = root.openDB({ name: 'logs' });
    this.sweep = new Sweep(this.logs, ([until], now) => until <= now);
  }

  async take(when: When, key: string, limit: number, windowMs: number): Promise<LimitDecision | null> {
    return write(this.root, when, this.taking(when, key, limit, windowMs));
  }

  /** What is to be done inside a transaction; checked here, for what throws in there leaves half of it written. */
  taking(when: When, key: string, limit: number, windowMs: number): () => LimitDecision {
    assertLimit(limit, windowMs);
    if (!fits(key)) throw new RangeError('key');
    return () => {
      const now = when.now();
      const { decision, stamps } = decide(this.stamps(key), now, limit, windowMs);
      if (decision.allowed) this.logs.put(key, [now + decision.resetMs, ...stamps]);
      this.sweep.step(now);
      return decision;
    };
  }

  peek(when: When, key: string, limit: number, windowMs: number): LimitDecision {
    const stamps = this.stamps(key);
    this.root.resetReadTxn();
    return look(stamps, when.now(), limit, windowMs);
  }

  async refund(when: When, key: string, stamp: number): Promise<null> {
    await write(this.root, when, () => {
      const log = this.logs.get(key);
      if (!log) return;
      const [until, ...stamps] = log;
      const kept = stamps.filter((one) => one !== stamp);
      if (kept.length === 0) this.logs.remove(key);
      else this.logs.put(key, [until, ...kept]);
    });
    return null;
  }

  async reset(when: When, key: string): Promise<boolean> {
    const had = await write(this.root, when, () => {
      const known = this.logs.get(key) !== undefined;
      if (known) this.logs.remove(key);
      return known;
    });
    return had ?? false;
  }

  usersSome(when: When, windowMs: number, top: number, after: string | null): UsersSome {
    const total = count(this.logs);
    const { rows, next } = page(this.logs, ALL_LIMITS, after);
    this.root.resetReadTxn();
    const tally = new UserTally(top);
    const now = when.now();
    for (const { key, value } of rows) tally.addLog(key, value.slice(1), now, windowMs);
    return { scanned: rows.length, matched: tally.users, total, next, top: tally.sorted() };
  }

  async resetSome(when: When, after: string | null): Promise<Step | null> {
    return write(this.root, when, () => {
      const total = count(this.logs);
      const { rows, next } = page(this.logs, ALL_LIMITS, after);
      for (const { key } of rows) this.logs.remove(key);
      return { scanned: rows.length, matched: rows.length, total, next };
    });
  }

  private stamps(key: string): number[] {
    return this.logs.get(key)?.slice(1) ?? [];
  }
}
