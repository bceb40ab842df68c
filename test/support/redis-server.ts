import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { freePort } from './cli.js';

const HANG_MS = 60_000;

/**
 * Whether tests that need a Redis are to be skipped: it is not installed, and this is not CI (there its absence
 * is a failure).
 */
export const redisIsMissing = !canRun('redis-server') && process.env.CI !== 'true';
if (redisIsMissing)
  process.stderr.write('skipped: tests with a real Redis, for redis-server is not installed\n');

export function canRun(command: string, asks = '--version'): boolean {
  try {
    execFileSync(command, [asks], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface RedisWish {
  port?: number;
  /** More of its command line: `['--maxmemory', '2mb']`. */
  args?: readonly string[];
  env?: Record<string, string>;
}

/** A real redis-server in a folder of its own, to be killed, frozen, filled and started again. `stop` it in `finally`. */
export class RedisServer implements AsyncDisposable {
  private child: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();

  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly wish: RedisWish,
  ) {}

  /** Ready when it resolves. */
  static async start(wish: RedisWish = {}): Promise<RedisServer> {
    const folder = await mkdtemp(path.join(tmpdir(), 'botllm-redis-'));
    const server = new RedisServer(wish.port ?? (await freePort()), folder, wish);
    try {
      await server.restart();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Starts it on its port, after `kill` or for the first time. */
  async restart(): Promise<void> {
    this.spawn();
    await this.untilReady();
  }

  /** Like `restart`, waiting for nothing. */
  spawn(more: readonly string[] = []): void {
    // The folder stands in its command line for as long as it runs: so a left one is found.
    const args = ['--port', `${this.port}`, '--dir', this.folder, '--save', '', '--set-proc-title', 'no'];
    this.child = spawn('redis-server', [...args, '--bind', '127.0.0.1', ...(this.wish.args ?? []), ...more], {
      stdio: 'ignore',
      env: { ...process.env, ...this.wish.env },
    });
    const { child } = this;
    this.exited = new Promise((resolve, reject) => {
      child.once('exit', () => resolve());
      child.once('error', reject);
    });
    this.exited.catch(() => undefined);
  }

  async untilReady(): Promise<void> {
    const end = Date.now() + HANG_MS;
    for (;;) {
      if ((await this.try('PING')) === 'PONG') return;
      if (this.child?.exitCode !== null) throw new Error(`redis-server on ${this.port} is gone`);
      if (Date.now() > end) throw new Error(`redis-server on ${this.port} hangs`);
      await sleep(20);
    }
  }

  /** What redis-cli prints for a command. @throws when Redis answers with an error */
  async cli(...command: string[]): Promise<string> {
    const { stdout } = await execa('redis-cli', ['-e', '-p', `${this.port}`, ...command], {
      timeout: HANG_MS,
    });
    return stdout;
  }

  /** Feeds it commands as fast as it takes them; a node of a cluster refuses those that are not its own. */
  async load(lines: Iterable<readonly string[]>): Promise<void> {
    const file = path.join(this.folder, 'commands');
    const handle = await open(file, 'w');
    let some = '';
    for (const words of lines) {
      some += `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
      if (some.length < 1_000_000) continue;
      await handle.write(some);
      some = '';
    }
    await handle.write(some);
    await handle.close();
    const { stdout } = await execa('redis-cli', ['-p', `${this.port}`, '--pipe'], {
      inputFile: file,
      reject: false,
    });
    if (!/errors: \d+, replies: \d+$/.test(stdout)) throw new Error(stdout.slice(-500));
    await rm(file);
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.exited.catch(() => undefined);
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** SIGKILL ends a frozen process as well. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  private async try(...command: string[]): Promise<string> {
    const args = ['-p', `${this.port}`, ...command];
    const { stdout } = await execa('redis-cli', args, { reject: false, timeout: 5_000 });
    return String(stdout ?? '');
  }
}
