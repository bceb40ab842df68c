import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Operator } from '../support/cli.js';
import { FakeEngineProcess } from '../support/fake-engine-process.js';

/** `botllm serve` as a process. */
export interface ServeProcess extends AsyncDisposable {
  url: string;
  pid: number;
  /** Lines of its stdout after the first: its events. */
  lines: Record<string, unknown>[];
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<{ exitCode: number | undefined; stderr: string }>;
}

/** In front of an engine that is a process, too, and its own. */
export interface Served extends ServeProcess {
  engine: FakeEngineProcess;
}

export async function serveOver(
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<Served> {
  const engine = await FakeEngineProcess.start();
  const operator = await Operator.create({ LLM_BASE_URL: engine.url, ...env });
  const served = await serveAs(operator, args);
  return {
    ...served,
    engine,
    async [Symbol.asyncDispose]() {
      engine.thaw();
      await served[Symbol.asyncDispose]();
      await engine.kill();
      // It started no engine, so there is none to take down.
      await rm(operator.home, { recursive: true, force: true });
    },
  };
}

/** As this operator types it, at any free port. */
export async function serveAs(operator: Operator, args: readonly string[] = []): Promise<ServeProcess> {
  const child = operator.start(['serve', '--port', '0', '--json', ...args], { timeoutMs: 900_000 });
  const lines: Record<string, unknown>[] = [];
  const first = await new Promise<Record<string, unknown>>((resolve, reject) => {
    child.then(({ stderr }) => reject(new Error(`serve ended: ${stderr}`)), reject);
    let seen = false;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const value = JSON.parse(line) as Record<string, unknown>;
      if (seen) lines.push(value);
      else resolve(value);
      seen = true;
    });
  });
  const { url } = first.data as { url: string };
  const stop: ServeProcess['stop'] = async (signal = 'SIGTERM') => {
    child.kill(signal);
    const { exitCode, stderr } = await child;
    return { exitCode, stderr };
  };
  return {
    url,
    pid: child.pid ?? 0,
    lines,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop('SIGKILL')),
  };
}
