import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const BIN = path.join(ROOT, 'bin', 'botllm.js');

/** Nobody listens there: what asks this hub learns at once that it cannot be reached. */
export const NO_HUB = 'http://127.0.0.1:9';

/** The records of an engine, of a container, and of what a switch has beside it. */
const STARTED: readonly string[] = ['engine.json', 'compose.json', 'beside.json'];

export interface CliRun {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** The last line of stdout. */
  json: () => { schema: string; data: Record<string, unknown>; error: Record<string, unknown> };
}

/** A user with a home, a port and an environment of his own, who types botllm's commands. */
export class Operator implements AsyncDisposable {
  private constructor(
    readonly home: string,
    readonly port: number,
    readonly env: Record<string, string>,
  ) {}

  static async create(env: Record<string, string> = {}): Promise<Operator> {
    const home = await mkdtemp(path.join(tmpdir(), 'botllm-home-'));
    const port = await freePort();
    return new Operator(home, port, {
      PATH: process.env.PATH ?? '',
      HOME: home,
      BOTLLM_HOME: path.join(home, 'botllm'),
      BOTLLM_PORT: String(port),
      HF_ENDPOINT: NO_HUB,
      ...env,
    });
  }

  start(
    args: readonly string[],
    options: { input?: string; env?: Record<string, string>; cwd?: string; timeoutMs?: number } = {},
  ) {
    return execa(process.execPath, [BIN, ...args], {
      env: { ...this.env, ...options.env },
      extendEnv: false,
      cwd: options.cwd ?? this.home,
      reject: false,
      input: options.input ?? '',
      timeout: options.timeoutMs ?? 300_000,
    });
  }

  async run(...args: string[]): Promise<CliRun> {
    return toRun(await this.start(args));
  }

  async runWith(
    options: { input?: string; env?: Record<string, string>; cwd?: string },
    ...args: string[]
  ): Promise<CliRun> {
    return toRun(await this.start(args, options));
  }

  /** Takes down what he has brought up; where nothing of that is written down, `down` has nothing to do. */
  async down(): Promise<void> {
    const written = await readdir(path.join(this.env.BOTLLM_HOME ?? '', 'state')).catch(() => []);
    if (written.some((name) => STARTED.includes(name))) await this.start(['down', '--timeout', '2s']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
    await rm(this.home, { recursive: true, force: true });
  }
}

export function toRun(result: { exitCode?: number | undefined; stdout: string; stderr: string }): CliRun {
  const { exitCode = -1, stdout, stderr } = result;
  return { exitCode, stdout, stderr, json: () => JSON.parse(stdout.split('\n').at(-1) ?? '') };
}

// Below the ports that the kernel gives to connections: one of those would take it between two starts of an engine.
const FIRST_PORT = 20_000;
const PORTS = 12_000;

export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    const server = createServer();
    const listens = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!listens) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** Waits for the words with which `up` ends its waiting; what another process sees may be ahead of them. */
export async function saysReady(child: { stdout: AsyncIterable<unknown> }): Promise<void> {
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes('is ready')) return;
  }
  throw new Error(`it ended without being ready: ${text}`);
}
