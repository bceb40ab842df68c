import type { AdminOptions, AdminProgress } from '../stores/contract.js';
import type { Context } from './context.js';
import { EXIT } from './exit-codes.js';

/** What is over sooner needs no bar. */
const BAR_AFTER_MS = 300;
/** An event at every tenth of the work, or at every so many keys where nobody knows how many there are. */
const KEYS_PER_EVENT = 50_000;

/** What was not finished within `--timeout` is not ready; what Ctrl-C ended has its own code. */
export function exitOfWork({ signal }: Context, complete: boolean): number {
  return complete || signal.aborted ? EXIT.ok : EXIT.notReady;
}

/**
 * Long work on a store with its progress: a bar on a terminal, events with `--json`. It ends early by Ctrl-C, and
 * when `--timeout` is over.
 * @param broken says what was done before it failed
 */
export async function watched<T>(
  { out, signal, timeoutMs }: Context,
  label: string,
  work: (options: AdminOptions) => Promise<T>,
  broken?: (matched: number) => string,
): Promise<T> {
  const bar = out.progress();
  const startedAt = performance.now();
  let matched = 0;
  let mark = -1;
  const onProgress = (now: AdminProgress) => {
    const { scanned, total } = now;
    matched = now.matched;
    if (total !== null && scanned >= total) return;
    if (performance.now() - startedAt > BAR_AFTER_MS)
      bar.step(label, total === null ? undefined : scanned / total);
    const next = Math.floor(total === null ? scanned / KEYS_PER_EVENT : (scanned / total) * 10);
    if (next !== mark) out.event({ type: 'progress', scanned, matched, total });
    mark = next;
  };
  try {
    const bound =
      timeoutMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    return await work({ signal: bound, onProgress });
  } catch (thrown) {
    bar.done();
    if (broken && matched > 0) out.note(broken(matched));
    throw thrown;
  } finally {
    bar.done();
  }
}
