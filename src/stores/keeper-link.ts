import { type ChildProcess, fork } from 'node:child_process';
import { BotllmError } from '../errors.js';
import { Bound, type Wait } from './bound.js';
import {
  type KeeperMessage,
  type KeeperOp,
  type KeeperOps,
  type KeeperRequest,
  type KeeperSettings,
  monotonicMs,
} from './keeper-protocol.js';
import { storeMessages } from './messages.js';

export interface LinkOptions {
  settings: Omit<KeeperSettings, 'suspect'>;
  clock?: (() => number) | undefined;
  /** Bound of one call once the store is open. */
  timeoutMs: number;
  /** Bound of opening the file, from the moment that the process runs. */
  openTimeoutMs: number;
  /** Bound of starting the process; generous, because a loaded machine is no dead store. */
  startTimeoutMs: number;
}

interface Pending {
  resolve: (value: never) => void;
  reject: (error: BotllmError) => void;
  bound: Bound;
  wait: Wait;
}

/** Bound of an admin command's step. */
const STEP_MS = 1_000;
/** More calls than this wait for an answer only when none comes. */
const MAX_PENDING = 1_000;
/** After a start that failed, the next one is tried this much later. */
const RESTART_AFTER_MS = 2_000;
/** What a process dies of when it reads a damaged mapping. */
const CRASHES = new Set<NodeJS.Signals>(['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL', 'SIGFPE']);

/**
 * The parent's end of the keeper process: starts it on the first call, bounds every wait, starts another when it
 * died. It keeps the event loop alive only while a call waits. `fork` and not execa: execa would cost every
 * importer of the library its load time, for a call without arguments to quote.
 */
export class KeeperLink {
  private child: ChildProcess | null = null;
  private opening: Promise<void> | null = null;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private suspect: number | null = null;
  private closed = false;
  private readonly callBound: Bound;
  private readonly stepBound: Bound;

  constructor(private readonly options: LinkOptions) {
    this.callBound = new Bound(options.timeoutMs);
    this.stepBound = new Bound(Math.max(STEP_MS, options.timeoutMs));
  }

  /** A bot's call. */
  call<K extends KeeperOp>(op: K, ...args: Parameters<KeeperOps[K]>): Promise<ReturnType<KeeperOps[K]>> {
    return this.ask(this.callBound, op, args);
  }

  /** A step of an administrator, who has more time. */
  step<K extends KeeperOp>(op: K, ...args: Parameters<KeeperOps[K]>): Promise<ReturnType<KeeperOps[K]>> {
    return this.ask(this.stepBound, op, args);
  }

  private async ask<K extends KeeperOp>(
    bound: Bound,
    op: K,
    args: Parameters<KeeperOps[K]>,
  ): Promise<ReturnType<KeeperOps[K]>> {
    if (this.closed) throw this.unavailable(storeMessages.closed);
    this.opening ??= this.start();
    await this.opening;
    const { child } = this;
    if (!child) throw this.unavailable(storeMessages.gone);
    if (this.pending.size >= MAX_PENDING) throw this.unavailable(storeMessages.busy(MAX_PENDING));
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      const { clock } = this.options;
      const wait = bound.begin(() => this.fail(id, storeMessages.slow(bound.ms)));
      // Who waits is to have his answer, though the process has nothing else to do.
      if (this.pending.size === 0) child.channel?.ref();
      this.pending.set(id, { resolve, reject, bound, wait });
      const now = clock ? clock() : null;
      const request: KeeperRequest = { id, op, args, now, lateAt: monotonicMs() + bound.ms };
      child.send(request, (error) => {
        if (error) this.fail(id, String(error));
      });
    });
  }

  /** Ends the process; waits for that only as long as a healthy one needs. */
  async close(): Promise<void> {
    this.closed = true;
    this.failAll(storeMessages.closed);
    const { child } = this;
    if (!child) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        resolve();
      }, 500);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      if (child.connected) child.disconnect();
    });
  }

  private start(): Promise<void> {
    const settings: KeeperSettings = { ...this.options.settings, suspect: this.suspect };
    const child = fork(new URL('./keeper.js', import.meta.url), [JSON.stringify(settings)], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    child.unref();
    child.channel?.unref();
    this.child = child;
    killAtExit(child);
    const { startTimeoutMs, openTimeoutMs } = this.options;
    const opened = new Promise<void>((resolve, reject) => {
      const refuse = (detail: string, hint?: string) => {
        clearTimeout(timer);
        reject(this.unavailable(detail, hint));
      };
      let timer = setTimeout(() => {
        // Nothing of it runs yet, so nothing is lost.
        child.kill('SIGKILL');
        refuse(storeMessages.starting(startTimeoutMs));
      }, startTimeoutMs);
      let ino: number | null = null;
      let forGood = false;
      child.on('message', (message: KeeperMessage) => {
        if (message.type === 'reply') this.settle(message.id, message.value);
        else if (message.type === 'error') this.fail(message.id, message.detail);
        else if (message.type === 'up') {
          ino = message.ino;
          this.suspect = null;
          clearTimeout(timer);
          // It stays and waits on: when the frozen one thaws it is ready at once.
          timer = setTimeout(() => refuse(storeMessages.opening(openTimeoutMs)), openTimeoutMs);
        } else if (message.type === 'ready') {
          clearTimeout(timer);
          resolve();
          this.opening = Promise.resolve();
        } else {
          forGood = message.reason === 'no-binary';
          if (forGood) refuse(storeMessages.noBinary, storeMessages.noBinaryHint);
          else refuse(message.detail, storeMessages.folderHint);
        }
      });
      const gone = (how: string, crashed: boolean) => {
        if (crashed) this.suspect = ino;
        refuse(storeMessages.ended(how));
        if (this.child !== child) return;
        this.child = null;
        this.failAll(storeMessages.ended(how));
        // With its file moved aside the next one can live; if that one crashes too, the file was not the cause.
        if (crashed && settings.suspect === null) this.opening = null;
        else if (!forGood) this.startAgainLater(opened);
      };
      // A process that could not be started at all has no exit.
      child.on('error', (error) => child.pid === undefined && gone(String(error), false));
      child.on('exit', (code, signal) =>
        gone(signal ?? `exit ${code}`, signal !== null && CRASHES.has(signal)),
      );
    });
    opened.catch(() => undefined);
    return opened;
  }

  /** At once after a life that had begun; after a failed start only a while later, so that none are spawned in vain. */
  private startAgainLater(opened: Promise<void>): void {
    const again = () => {
      if (this.child === null) this.opening = null;
    };
    opened.then(again, () => setTimeout(again, RESTART_AFTER_MS).unref());
  }

  private settle(id: number, value: unknown): void {
    this.over(id)?.resolve(value as never);
  }

  private fail(id: number, detail: string): void {
    this.over(id)?.reject(this.unavailable(detail));
  }

  private over(id: number): Pending | undefined {
    const waiting = this.pending.get(id);
    if (!waiting) return undefined;
    this.pending.delete(id);
    waiting.bound.end(waiting.wait);
    if (this.pending.size === 0) this.child?.channel?.unref();
    return waiting;
  }

  private failAll(detail: string): void {
    for (const id of [...this.pending.keys()]) this.fail(id, detail);
  }

  private unavailable(detail: string, hint?: string): BotllmError {
    const message = storeMessages.unavailable(this.options.settings.folder);
    return new BotllmError('STORE_UNAVAILABLE', message, { detail, hint });
  }
}

const alive = new Set<ChildProcess>();
let hooked = false;

/** A keeper that waits in native code does not see that its parent has gone. */
function killAtExit(child: ChildProcess): void {
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  if (hooked) return;
  hooked = true;
  process.once('exit', () => {
    for (const one of alive) one.kill('SIGKILL');
  });
}
