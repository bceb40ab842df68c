import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { HealthReply } from '../../src/engines/embedded/health-reply.js';
import type { EngineJob, StartFailure } from '../../src/engines/embedded/job.js';

const MAIN = fileURLToPath(new URL('../../dist/engines/embedded/main.js', import.meta.url));
/** Ten times what a start takes on a slow machine: only a hang is caught. */
const HANG_MS = 120_000;

export type LogLine = Record<string, unknown> & { event: string; level: string };

/** A real engine process under test. `kill` it in `finally`. */
export class EngineUnderTest {
  private exitCode: Promise<number | null>;
  stderr = '';

  private constructor(
    readonly child: ChildProcess,
    readonly job: EngineJob,
    private readonly folder: string,
  ) {
    this.exitCode = new Promise((resolve) => {
      child.once('exit', (code) => resolve(code));
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
  }

  /** Spawns the engine on a free port; waits for nothing. */
  static spawn(modelPath: string, overrides: Partial<EngineJob> = {}, main = MAIN): EngineUnderTest {
    const folder = mkdtempSync(join(tmpdir(), 'botllm-engine-'));
    const job: EngineJob = {
      instanceId: randomUUID(),
      botllmVersion: '0.0.0-test',
      host: '127.0.0.1',
      port: 0,
      model: { name: 'test-model', path: modelPath, thinking: false },
      gpu: 'none',
      failureFile: join(folder, 'failure.json'),
      ...overrides,
    };
    const env = { ...process.env, UV_THREADPOOL_SIZE: '1', BOTLLM_ENGINE_JOB: JSON.stringify(job) };
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    return new EngineUnderTest(child, job, folder);
  }

  /** Spawns the engine and waits until it made its first token. */
  static async ready(
    modelPath: string,
    overrides: Partial<EngineJob> = {},
    main = MAIN,
  ): Promise<EngineUnderTest> {
    const engine = EngineUnderTest.spawn(modelPath, overrides, main);
    try {
      await engine.until(async () => (await engine.health()).status === 'ok');
    } catch (error) {
      await engine.kill();
      throw error;
    }
    return engine;
  }

  get log(): LogLine[] {
    const text = this.job.logFile ? readFileSync(this.job.logFile, 'utf8') : this.stderr;
    return text
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as LogLine);
  }

  get port(): number | undefined {
    return this.log.find((line) => line.event === 'listening')?.port as number | undefined;
  }

  get url(): string {
    if (this.port === undefined) throw new Error('the engine does not listen yet');
    return `http://127.0.0.1:${this.port}`;
  }

  get failure(): StartFailure | undefined {
    const { failureFile } = this.job;
    return existsSync(failureFile)
      ? (JSON.parse(readFileSync(failureFile, 'utf8')) as StartFailure)
      : undefined;
  }

  async health(): Promise<HealthReply> {
    return (await (await fetch(`${this.url}/health`)).json()) as HealthReply;
  }

  async post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    return await fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...init,
    });
  }

  /** Value of one metric without labels. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    if (!line) throw new Error(`no metric ${name}`);
    return Number(line.slice(name.length + 1));
  }

  /** Polls until the condition holds; throws with the log when it hangs or the process is gone. */
  async until(condition: () => Promise<boolean> | boolean, everyMs = 20): Promise<void> {
    const deadline = Date.now() + HANG_MS;
    for (;;) {
      try {
        if (await condition()) return;
      } catch {
        // Not listening yet.
      }
      if (this.child.exitCode !== null) throw new Error(`the engine is gone: ${this.stderr}`);
      if (Date.now() > deadline) throw new Error(`the engine hangs: ${this.stderr}`);
      await sleep(everyMs);
    }
  }

  async exited(): Promise<number | null> {
    return await this.exitCode;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exitCode;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The JSON events of a stream, without `[DONE]`, and whether that came last. */
export async function readSse(
  response: Response,
): Promise<{ events: Record<string, never>[]; done: boolean }> {
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
  const data = lines.map((line) => line.slice('data: '.length));
  const done = data.at(-1) === '[DONE]';
  return {
    events: (done ? data.slice(0, -1) : data).map((text) => JSON.parse(text) as Record<string, never>),
    done,
  };
}
