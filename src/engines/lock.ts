import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { BotllmError } from '../errors.js';
import type { HomeLayout } from '../settings/home.js';
import { messages } from './messages.js';

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** Longest wait for the other `up`, milliseconds. */
  waitMs: number;
  /** Called once if somebody else holds the lock. */
  onWait?: () => void;
}

/**
 * Runs `work` while no other `up` or `down` of this home runs its own. A holder that was killed or frozen
 * loses the lock after 10 s (proper-lockfile touches it every 5 s while it lives).
 */
export async function withEngineLock<T>(
  layout: HomeLayout,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(path.dirname(layout.engineLock), { recursive: true });
  const release = await acquire(layout.engineLock, options);
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

async function acquire(file: string, { signal, waitMs, onWait }: LockOptions): Promise<() => Promise<void>> {
  const giveUpAt = Date.now() + waitMs;
  for (let waited = false; ; waited = true) {
    signal?.throwIfAborted();
    try {
      // Losing the lock (this process was frozen for 10 s) must not throw out of a timer: the state file and
      // the port still keep a second engine out.
      return await lockfile.lock(file, {
        realpath: false,
        stale: 10_000,
        update: 5_000,
        onCompromised: () => {},
      });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ELOCKED') throw cause;
      if (Date.now() > giveUpAt) {
        throw new BotllmError('NOT_READY', messages.lockedTooLong, { hint: 'botllm status', cause });
      }
    }
    if (!waited) onWait?.();
    await sleep(200, undefined, signal ? { signal } : {});
  }
}
