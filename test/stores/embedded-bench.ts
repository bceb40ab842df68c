// The built store: its file is held by a process of its own, which runs from dist.
import { createEmbeddedStore, type EmbeddedStoreOptions } from '../../dist/stores/embedded.js';
import type { Store } from '../../src/stores/contract.js';
import { undoing } from '../support/undo.js';
import { type Running, run, storeFolder } from './processes.js';

/** A loaded machine is no reason for a test of counts to fail. */
export const PATIENT = { timeoutMs: 10_000, openTimeoutMs: 10_000, startTimeoutMs: 30_000 };

/** For a `describe`: folders, stores and processes that are gone after each test. */
export function embeddedBench() {
  const undo = undoing();
  return {
    undo,
    newFolder: (): string => {
      const { folder, remove } = storeFolder();
      undo.push(remove);
      return folder;
    },
    started: (fixture: string, ...args: string[]): Running => {
      const running = run(fixture, ...args);
      // SIGKILL ends a frozen process as well.
      undo.push(() => {
        running.child.kill('SIGKILL');
        return running.ended;
      });
      return running;
    },
    opened: (folder: string, options: Partial<EmbeddedStoreOptions> = {}): Store => {
      const store = createEmbeddedStore({ folder, ...PATIENT, ...options });
      undo.push(() => store.close());
      return store;
    },
  };
}
