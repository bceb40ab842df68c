import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerWish, serverCommand } from '../../src/engines/native/args.js';
import { freePort, ROOT } from './cli.js';

const HANG_MS = 120_000;

/**
 * llama.cpp's own server, of the very version that the embedded engine carries: `.ci/build-oracle` makes it.
 * Where it is missing its tests are skipped, except in CI, where that is a failure.
 */
export const ORACLE = oraclePath();
export const oracleIsMissing = !existsSync(ORACLE) && process.env.CI !== 'true';

function oraclePath(): string {
  const info = path.join(ROOT, 'node_modules/node-llama-cpp/llama/llama.cpp.info.json');
  const { tag } = JSON.parse(readFileSync(info, 'utf8')) as { tag: string };
  return path.join(homedir(), '.cache', 'botllm-tests', `llama-server-${tag}`, 'llama-server');
}

/** A real llama-server, started as our `native` engine starts it. `kill` it in `finally`. */
export class OracleServer {
  private readonly exited: Promise<void>;
  log = '';

  private constructor(
    readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.exited = new Promise((resolve) => child.once('exit', () => resolve()));
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.log += text;
      });
  }

  /** Spawns it; waits for nothing. */
  static async spawn(modelPath: string, wish: Partial<ServerWish> = {}): Promise<OracleServer> {
    if (!existsSync(ORACLE)) throw new Error(`there is no ${ORACLE}: run .ci/build-oracle`);
    const port = await freePort();
    const host = '127.0.0.1';
    const defaults = { name: 'test-model', context: 512, slots: 4, gpu: 'none', thinking: false } as const;
    const { args, env } = serverCommand({ ...defaults, ...wish, model: { path: modelPath }, host, port });
    const child = spawn(ORACLE, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new OracleServer(child, `http://${host}:${port}`);
  }

  static async ready(modelPath: string, wish: Partial<ServerWish> = {}): Promise<OracleServer> {
    const server = await OracleServer.spawn(modelPath, wish);
    try {
      await server.untilReady();
      return server;
    } catch (error) {
      await server.kill();
      throw error;
    }
  }

  async untilReady(everyMs = 20): Promise<void> {
    const deadline = Date.now() + HANG_MS;
    for (;;) {
      const status = await fetch(`${this.url}/health`).then(
        (reply) => reply.status,
        () => 0,
      );
      if (status === 200) return;
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`llama-server is gone: ${this.log}`);
      if (Date.now() > deadline) throw new Error(`llama-server hangs: ${this.log}`);
      await sleep(everyMs);
    }
  }

  async post(target: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    return await fetch(this.url + target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...init,
    });
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}
