import type { RootDatabase } from 'lmdb';
import {
  type KeeperMessage,
  type KeeperRequest,
  type KeeperSettings,
  monotonicMs,
} from './keeper-protocol.js';
import { StoreFiles } from './store-files.js';
import { MAX_TABLES, openTables, type Tables } from './tables.js';
import type { When } from './transaction.js';

/**
 * The process that holds the LMDB file for one client. LMDB waits for a lock inside native code, for as long as
 * another process is frozen in a write; a thread that waits there keeps its whole process from exiting, and a
 * damaged page ends the process that touches it. All of that happens to this process and not to a bot.
 */
/** Codes of LMDB that mean the file itself is not to be trusted. */
const DAMAGED = new Set([-30_797, -30_796, -30_795, -30_794, -30_793]);

function send(message: KeeperMessage): void {
  if (process.connected) process.send?.(message, () => undefined);
}

function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && DAMAGED.has(Number(error.code));
}

async function openFile(settings: KeeperSettings): Promise<{ root: RootDatabase; tables: Tables } | null> {
  let lmdb: typeof import('lmdb');
  try {
    lmdb = await import('lmdb');
  } catch (error) {
    send({ type: 'failed', reason: 'no-binary', detail: String(error) });
    return null;
  }
  const files = new StoreFiles(settings.folder);
  const openNow = () => {
    const path = files.prepare();
    // Without syncs a take costs microseconds and not a disk's turn; after a reboot the file is not trusted.
    const root = lmdb.open({ path, maxDbs: MAX_TABLES, maxReaders: 512, noSync: files.trustedUntilReboot });
    return { root, tables: openTables(root, settings) };
  };
  try {
    if (settings.suspect !== null) files.moveAside(settings.suspect);
    files.distrustAfterReboot();
    const ino = files.id();
    send({ type: 'up', ino });
    try {
      return openNow();
    } catch (error) {
      if (ino === null || !isDamage(error)) throw error;
      files.moveAside(ino);
      return openNow();
    }
  } catch (error) {
    send({ type: 'failed', reason: 'open', detail: String(error) });
    return null;
  }
}

/** Never by an ordinary exit, which waits for threads that may wait for ever. LMDB stands a kill at any point. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}

async function main(): Promise<void> {
  // Ctrl-C reaches the whole group; the parent decides when it is done with its store.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  let close = async (): Promise<void> => undefined;
  process.once('disconnect', () => {
    setTimeout(end, 200);
    close().then(end, end);
  });
  if (!process.connected) end();
  const settings = JSON.parse(process.argv[2] ?? '') as KeeperSettings;
  const opened = await openFile(settings);
  if (!opened) {
    process.disconnect();
    return;
  }
  const { root, tables } = opened;
  close = () => root.close();
  process.on('message', (request: KeeperRequest) => void answer(tables, settings, request));
  send({ type: 'ready' });
}

async function answer(tables: Tables, settings: KeeperSettings, request: KeeperRequest): Promise<void> {
  const when: When = {
    now: () => request.now ?? Date.now(),
    late: () => monotonicMs() > request.lateAt,
  };
  try {
    const run = tables[request.op] as (when: When, ...args: unknown[]) => unknown;
    const value = await run(when, ...request.args);
    send({ type: 'reply', id: request.id, value });
  } catch (error) {
    send({ type: 'error', id: request.id, detail: String(error) });
    if (!isDamage(error)) return;
    const files = new StoreFiles(settings.folder);
    files.moveAside(files.id());
    end();
  }
}

await main();
