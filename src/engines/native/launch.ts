import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BotllmError } from '../../errors.js';
import type { Env } from '../../settings/read.js';
import { type Launched, type LaunchRequest, logFileOf } from '../launch.js';
import { rotateLog } from '../log-rotation.js';
import { shapeOf } from '../memory-estimate.js';
import { messages } from '../messages.js';
import { type SpawnedEngine, spawnProcess, withoutSecrets } from '../spawn.js';
import { failureOf } from './failure.js';
import type { NativeServer } from './find.js';
import { wishedCommand } from './wish.js';

const LOG_KEEPER = fileURLToPath(new URL('./log-keeper.js', import.meta.url));
/** Bound of the one token, milliseconds: a first token on a slow disk reads the whole model. */
const PROVE_MS = 120_000;

/**
 * Starts a llama-server as a daemon of its own. It writes to the log's file itself, so another small process
 * rotates it (copied, then emptied: the server goes on writing to the same file).
 * @throws BotllmError `NOT_ENOUGH_MEMORY` before it is started, and what it says itself when it ends at once
 */
export async function launchNative(server: NativeServer, launch: LaunchRequest): Promise<Launched> {
  const { request, model, host, port, layout, env, onStart } = launch;
  const logFile = logFileOf(request, layout);
  const command = await wishedCommand(server, request, shapeOf(model), { host, port });
  onStart();
  const note = journal(logFile);
  note('starting', { engine: 'native', binary: server.binary, args: command.args });
  const logged = sizeNow(logFile);
  const spawned = await spawnProcess({
    command: server.binary,
    args: command.args,
    env: { ...withoutSecrets(env), ...command.env },
    logFile,
    attached: request.foreground === true,
  });
  const failure = async (exit: string) => failureOf(exit, readFrom(logFile, logged), port);
  if ('ended' in spawned) throw await failure(spawned.ended);
  if (logFile !== undefined) await keepLog(logFile, spawned, env);
  const endpoint = `http://${host}:${port}`;
  return {
    engine: 'native',
    process: spawned,
    failure,
    prove: async (signal) => {
      await oneToken(endpoint, signal);
      note('ready', { model: model.name, pid: spawned.pid });
    },
    ...(server.device === undefined ? {} : { device: server.device }),
    ...(logFile === undefined ? {} : { logFile }),
  };
}

/** One token is the proof that weights, context and sampler work together; its health is ready before. */
async function oneToken(endpoint: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(`${endpoint}/v1/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'Hi', max_tokens: 1, temperature: 0 }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(PROVE_MS)]),
  });
  const text = await response.text();
  if (response.ok) return;
  throw new BotllmError('ENGINE_FAILED', messages.noFirstToken, {
    status: response.status,
    detail: text.slice(0, 300),
    hint: messages.engineDiedHint,
  });
}

async function keepLog(logFile: string, server: SpawnedEngine, { PATH = '' }: Env): Promise<void> {
  const args = [LOG_KEEPER, logFile, String(server.pid), server.pidStartTime];
  await spawnProcess({ command: process.execPath, args, env: { PATH }, logFile });
}

/** What the launcher itself writes into the log, one JSON line each; the foreground needs none. */
function journal(file: string | undefined) {
  if (file === undefined) return () => {};
  mkdirSync(path.dirname(file), { recursive: true });
  rotateLog(file);
  return (event: string, fields: Record<string, unknown>) => {
    const line = { time: new Date().toISOString(), level: 'info', event, ...fields };
    appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  };
}

function sizeNow(file: string | undefined): number {
  return file === undefined ? 0 : readFileSync(file).length;
}

function readFrom(file: string | undefined, offset: number): string {
  return file === undefined ? '' : readFileSync(file).subarray(offset).toString('utf8');
}
