// A channel of messages and an end with the parent are all that is needed, as for the measuring process.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { GatewayPlace, ServedModel } from '../bench/measure.js';
import { BotllmError } from '../errors.js';
import { SETTINGS, type SettingKey } from '../settings/table.js';
import { benchMessages } from './bench-messages.js';
import type { Context } from './context.js';
import { gatewayKeys } from './gateway-keys.js';

/** A gateway that is measured, and how it goes again. */
export interface MeasuredGateway extends AsyncDisposable {
  place: GatewayPlace;
}

const STOP_MS = 5_000;
const MOST_AT_ONCE = 1024;
const MOST_CHARACTERS = 10_000_000;
const Serving = z.object({ data: z.object({ url: z.url() }) });

/** A gateway that runs already, with a key of its own where this machine knows one. */
export async function runningGateway({ settings }: Context, url: string): Promise<MeasuredGateway> {
  const [apiKey] = await gatewayKeys(settings);
  const root = url.replace(/\/+$/, '').replace(/\/v1$/, '');
  return { place: { root, apiKey }, [Symbol.asyncDispose]: async () => undefined };
}

/**
 * Starts `botllm serve` before an engine, on a free port, for this measurement alone: without cache, limit and
 * retries, so that what it adds is its own work. It ends with this process, however that ends.
 * @throws BotllmError `ENGINE_FAILED` with its last words
 */
export async function startGateway(
  { env, childEnv }: Pick<Context, 'env' | 'childEnv'>,
  { root, model, apiKey }: ServedModel,
  timeoutMs: number,
): Promise<MeasuredGateway> {
  const key = randomBytes(24).toString('hex');
  const wanted: Partial<Record<SettingKey, string>> = {
    enabled: 'true',
    baseUrl: root,
    model,
    ...(apiKey !== undefined && { apiKey }),
    cacheTtlMs: '0',
    rateLimit: '0',
    maxRetries: '0',
    timeoutMs: `${Math.ceil(timeoutMs / 1000)}s`,
    deadlineMs: `${Math.ceil(timeoutMs / 1000)}s`,
    maxConcurrency: String(MOST_AT_ONCE),
    maxPromptChars: String(MOST_CHARACTERS),
    gatewayKeys: key,
  };
  const words = Object.entries(wanted).map(([name, value]) => [SETTINGS[name as SettingKey].name, value]);
  const args = ['serve', '--port', '0', '--redis', 'none', '--base-url', root, '--json', '--quiet'];
  const child = fork(new URL('./gateway-process.js', import.meta.url), args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
    env: { ...env, ...childEnv, ...Object.fromEntries(words) },
  });
  let said = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    said = (said + String(bytes)).slice(-2_000);
  });
  const exited = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(timer);
  };
  const lines = createInterface({ input: child.stdout ?? process.stdin })[Symbol.asyncIterator]();
  const { value: line = '' } = (await lines.next()) as { value?: string };
  const serving = Serving.safeParse(asJson(line));
  if (!serving.success) {
    await stop();
    throw new BotllmError('ENGINE_FAILED', benchMessages.gatewayFails(said.trim() || line.slice(0, 500)), {
      hint: benchMessages.gatewayFailsHint,
    });
  }
  // What it says from now on is nothing to anybody, and must not fill the pipe.
  child.stdout?.resume();
  return { place: { root: serving.data.data.url, apiKey: key }, [Symbol.asyncDispose]: stop };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
