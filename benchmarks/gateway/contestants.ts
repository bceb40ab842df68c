import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { BIN, freePort } from '../../test/support/cli.js';
import { canRun } from '../../test/support/redis-server.js';
import type { Target } from './wrk.js';

/** A gateway that runs, one process of it. */
export interface Contestant extends AsyncDisposable, Target {
  name: string;
  /** Resident memory, MB. */
  megabytes(): number;
}

/** LiteLLM alone imports for a minute on a busy machine. */
const READY_MS = 600_000;

/** `botllm serve` as an operator starts it: cache, limiter, metrics and events on, all over that Redis. */
export async function ours(engine: string, redisUrl: string): Promise<Contestant> {
  const home = await mkdtemp(path.join(tmpdir(), 'botllm-bench-'));
  const port = await freePort();
  return started('botllm serve', process.execPath, [BIN, 'serve', '--port', `${port}`], {
    port,
    probe: '/ready',
    env: { BOTLLM_HOME: home, LLM_BASE_URL: engine, REDIS_URL: redisUrl, LLM_MAX_CONCURRENCY: '256' },
    cleanUp: () => rm(home, { recursive: true, force: true }),
  });
}

/** LiteLLM's proxy (`BOTLLM_BENCH_LITELLM`, else on PATH), without its guards; null where it is not installed. */
export async function litellm(engine: string): Promise<Contestant | null> {
  const program = process.env.BOTLLM_BENCH_LITELLM ?? 'litellm';
  if (!canRun(program, '--help')) return null;
  const folder = await mkdtemp(path.join(tmpdir(), 'botllm-bench-'));
  const config = path.join(folder, 'config.yaml');
  const params = { model: 'openai/instant', api_base: `${engine}/v1`, api_key: 'none' };
  // JSON is YAML.
  await writeFile(
    config,
    JSON.stringify({ model_list: [{ model_name: 'instant', litellm_params: params }] }),
  );
  const port = await freePort();
  const args = ['--config', config, '--host', '127.0.0.1', '--port', `${port}`, '--num_workers', '1'];
  return started('LiteLLM', program, [...args, '--telemetry', 'False'], {
    port,
    probe: '/health/liveliness',
    env: {
      LITELLM_LOG: 'ERROR',
      // It would fetch its table of prices otherwise.
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      // Since 1.106 it does not start without a key unless it is told that none is meant.
      LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: 'true',
    },
    cleanUp: () => rm(folder, { recursive: true, force: true }),
  });
}

/** Portkey's gateway (`BOTLLM_BENCH_PORTKEY`: its start-server.js); null where it is not installed. */
export async function portkey(engine: string): Promise<Contestant | null> {
  const script = process.env.BOTLLM_BENCH_PORTKEY;
  if (script === undefined || !existsSync(script)) return null;
  const port = await freePort();
  const headers = {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${engine}/v1`,
    authorization: 'Bearer none',
  };
  const made = await started('Portkey', process.execPath, [script, `--port=${port}`, '--headless'], {
    port,
    probe: '/',
    env: {},
    cleanUp: async () => {},
  });
  return { ...made, headers, [Symbol.asyncDispose]: () => made[Symbol.asyncDispose]() };
}

interface Start {
  port: number;
  probe: string;
  env: Record<string, string>;
  cleanUp: () => Promise<void>;
}

async function started(
  name: string,
  program: string,
  args: readonly string[],
  { port, probe, env, cleanUp }: Start,
): Promise<Contestant> {
  const child = execa(program, args, { env, stdio: ['ignore', 'ignore', 'ignore'], reject: false });
  const stop = async () => {
    child.kill('SIGTERM');
    await Promise.race([child, sleep(5000)]);
    child.kill('SIGKILL');
    await child;
    await cleanUp();
  };
  try {
    await untilReady(`http://127.0.0.1:${port}${probe}`);
  } catch (error) {
    await stop();
    throw new Error(`${name} did not start`, { cause: error });
  }
  return {
    name,
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    megabytes: () => residentMegabytes(child.pid ?? 0),
    [Symbol.asyncDispose]: stop,
  };
}

async function untilReady(url: string): Promise<void> {
  const giveUpAt = Date.now() + READY_MS;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    if (Date.now() > giveUpAt) throw new Error(`${url} is not ready`);
    await sleep(200);
  }
}

function residentMegabytes(pid: number): number {
  const [, kilobytes = 'NaN'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
