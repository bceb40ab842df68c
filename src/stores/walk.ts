import type { AdminOptions } from './contract.js';

/** One bounded piece of an admin command's work. */
export interface Step {
  scanned: number;
  /** Keys that were meant. */
  matched: number;
  /** What the store held when the step began, where it can say so. */
  total: number | null;
  /** Where to go on; null when the end was reached. */
  next: string | null;
}

/** Takes step after step until the end or the signal, and tells after each how far it has come. */
export async function walk<S extends Step>(
  step: (after: string | null) => Promise<S>,
  { signal, onProgress }: AdminOptions = {},
  onStep?: (done: S) => void,
): Promise<{ matched: number; complete: boolean }> {
  const sum = { scanned: 0, matched: 0 };
  let total: number | null | undefined;
  let after: string | null = null;
  do {
    if (signal?.aborted) return { matched: sum.matched, complete: false };
    const done: S = await step(after);
    sum.scanned += done.scanned;
    sum.matched += done.matched;
    // Of the first step: a clear makes it smaller as it goes.
    total ??= done.total;
    after = done.next;
    onStep?.(done);
    onProgress?.({ ...sum, total });
  } while (after !== null);
  return { matched: sum.matched, complete: true };
}
