// execa has no type for an inherited file descriptor of our own and would hold a pipe open for a daemon.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BotllmError } from '../../errors.js';
import type { Env } from '../../settings/read.js';
import { messages } from '../messages.js';
import { processStartTime } from '../process-identity.js';
import { type EngineJob, StartFailure } from './job.js';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

/** A spawned engine process; it outlives this process unless it runs in the foreground. */
export interface SpawnedEngine {
  pid: number;
  pidStartTime: string;
  /** Settles when the process ends, with its exit code or signal in words. Never rejects. */
  exited: Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts the process that holds the model; it answers `/health` at once and is ready later.
 * @throws BotllmError with the engine's own reason when it ended at once
 */
export async function spawnEngine(job: EngineJob, env: Env): Promise<SpawnedEngine> {
  await rm(job.failureFile, { force: true });
  mkdirSync(path.dirname(job.failureFile), { recursive: true });
  const inBackground = job.logFile !== undefined;
  const log = openLog(job.logFile);
  const child = spawn(process.execPath, [MAIN], {
    detached: inBackground,
    stdio: ['ignore', log, log],
    env: engineEnv(job, env),
    windowsHide: true,
  });
  if (inBackground) closeSync(log);
  const exited = ending(child);
  const pidStartTime = child.pid === undefined ? null : await processStartTime(child.pid);
  if (child.pid === undefined || pidStartTime === null) throw await startFailure(job, await exited);
  if (inBackground) child.unref();
  return { pid: child.pid, pidStartTime, exited, kill: (signal) => void child.kill(signal) };
}

/** Why the engine stopped while it was starting: its own words if it left any. */
export async function startFailure(job: EngineJob, exit: string): Promise<BotllmError> {
  try {
    const left = StartFailure.parse(JSON.parse(await readFile(job.failureFile, 'utf8')));
    if (left.instanceId === job.instanceId) {
      return new BotllmError(left.code, left.message, { detail: left.detail, hint: left.hint });
    }
  } catch {
    // It left no reason: killed, or crashed in native code. The log's tail is all there is.
  }
  return new BotllmError('ENGINE_FAILED', messages.engineDied(exit), { hint: messages.engineDiedHint });
}

function ending(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

function engineEnv(job: EngineJob, env: Env): Record<string, string> {
  // The engine needs no secret: a token that it does not have cannot leak from it.
  const secret = /TOKEN|SECRET|PASSWORD|API_KEY/i;
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !secret.test(name));
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    // Each libuv worker that calls into OpenMP would get a thread team of its own, and idle teams spin:
    // one worker decodes 1.4 to 2 times faster on 2 cores.
    UV_THREADPOOL_SIZE: '1',
    BOTLLM_ENGINE_JOB: JSON.stringify(job),
  };
}

/** The child inherits the log itself, so that even a crash in native code leaves its last words there. */
function openLog(file: string | undefined): number {
  const STDERR = 2;
  if (file === undefined) return STDERR;
  mkdirSync(path.dirname(file), { recursive: true });
  return openSync(file, 'a', 0o600);
}
