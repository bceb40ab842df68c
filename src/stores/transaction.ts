import type { Database, RootDatabase } from 'lmdb';

/** When a call runs: `now` by the clock in charge, `late` when its caller has stopped waiting. */
export interface When {
  now: () => number;
  late: () => boolean;
}

/** LMDB takes keys up to 1978 bytes; ordered keys of two parts need some of that themselves. */
const MAX_KEY_BYTES = 1_500;
/** Keys of one step of an admin command: some milliseconds, so that other processes are hardly held up. */
const PAGE = 500;

/** Runs `work` alone; null when the caller had gone before the lock was ours: a failed call is not made later. */
export function write<T>(root: RootDatabase, when: When, work: () => T): Promise<T | null> {
  return root.transaction(() => (when.late() ? null : work()));
}

/** Whether a text can be a key, and is the same text when it is read from the file. */
export function fits(key: string): boolean {
  return Buffer.byteLength(key) <= MAX_KEY_BYTES && key.isWellFormed();
}

export interface Page<V> {
  rows: { key: string; value: V }[];
  /** Where the next page begins; null after the last. */
  next: string | null;
}

/** The rows whose keys begin with `prefix`, which ends with a colon, from `after` on. */
export function page<V>(table: Database<V, string>, prefix: string, after: string | null): Page<V> {
  const end = `${prefix.slice(0, -1)};`;
  const rows = [...table.getRange({ start: after ?? prefix, end, limit: PAGE + 1 })];
  const next = rows.length > PAGE ? (rows.pop()?.key ?? null) : null;
  return { rows, next };
}

/** Keys in a table, without going through them. */
export function count(table: Database<unknown, string>): number {
  return (table.getStats() as { entryCount: number }).entryCount;
}

/** Removes what is over, two rows with every write of others: no table keeps much that nobody needs. */
export class Sweep<V> {
  private next = '';

  constructor(
    private readonly table: Database<V, string>,
    private readonly isOver: (value: V, now: number) => boolean,
  ) {}

  /** Inside a transaction. */
  step(now: number): void {
    const some = [...this.table.getRange({ start: this.next, limit: 3 })];
    for (const { key, value } of some.slice(0, 2)) if (this.isOver(value, now)) this.table.remove(key);
    this.next = some[2]?.key ?? '';
  }
}
