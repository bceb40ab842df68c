// execa has no type for an inherited file descriptor of our own and would hold a pipe open for a daemon.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import type { Env } from '../settings/read.js';
import { processStartTime } from './process-identity.js';

/** A spawned engine process; it outlives this process unless it runs in the foreground. */
export interface SpawnedEngine {
  pid: number;
  pidStartTime: string;
  /** Settles when the process ends, with its exit code or signal in words. Never rejects. */
  exited: Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

export interface SpawnOptions {
  command: string;
  args: readonly string[];
  /** All of the child's environment. */
  env: Record<string, string>;
  /** Where stdout and stderr go; absent: this process's stderr. */
  logFile?: string | undefined;
  /** The child ends with this process (foreground). */
  attached?: boolean;
}

/** Starts an engine's process. One that ended at once is given back as the words of its end. */
export async function spawnProcess(options: SpawnOptions): Promise<SpawnedEngine | { ended: string }> {
  const { command, args, env, logFile, attached = false } = options;
  const log = openLog(logFile);
  const child = spawn(command, args, {
    detached: !attached,
    stdio: ['ignore', log, log],
    env,
    windowsHide: true,
  });
  if (logFile !== undefined) closeSync(log);
  const exited = ending(child);
  const pidStartTime = child.pid === undefined ? null : await processStartTime(child.pid);
  if (child.pid === undefined || pidStartTime === null) return { ended: await exited };
  if (!attached) child.unref();
  return { pid: child.pid, pidStartTime, exited, kill: (signal) => void child.kill(signal) };
}

/** The engine needs no secret: a token that it does not have cannot leak from it. */
export function withoutSecrets(env: Env): Record<string, string> {
  const secret = /TOKEN|SECRET|PASSWORD|API_KEY/i;
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !secret.test(name));
  return Object.fromEntries(kept) as Record<string, string>;
}

function ending(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

/** The child inherits the log itself, so that even a crash in native code leaves its last words there. */
function openLog(file: string | undefined): number {
  const STDERR = 2;
  if (file === undefined) return STDERR;
  mkdirSync(path.dirname(file), { recursive: true });
  return openSync(file, 'a', 0o600);
}
