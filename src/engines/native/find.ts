import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { BotllmError } from '../../errors.js';
import type { Env } from '../../settings/read.js';
import { messages } from '../messages.js';

/** A `llama-server` that was run once, so that it is known to start on this machine. */
export interface NativeServer {
  binary: string;
  /** Where it computes, in its own words; absent where this version does not tell. */
  device?: string;
}

const NAME = process.platform === 'win32' ? 'llama-server.exe' : 'llama-server';
const INSPECT_MS = 30_000;

/** The first `llama-server` of PATH, or null. */
export function onPath(env: Env): string | null {
  const folders = (env.PATH ?? env.Path ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.resolve(folder, NAME)).find(isExecutable) ?? null;
}

/**
 * The binary that LLAMA_SERVER_BIN names.
 * @throws BotllmError `BAD_CONFIG` when there is none: a setting that does not hold is never passed over
 */
export function named(binary: string): string {
  const file = path.resolve(binary);
  if (isExecutable(file)) return file;
  throw new BotllmError('BAD_CONFIG', messages.serverNotThere(binary), { hint: messages.serverNotThereHint });
}

/**
 * Runs it once, for its list of devices.
 * @throws BotllmError `MISSING_PREREQUISITE` when it cannot run here (another processor, a library is missing)
 */
export async function inspectServer(
  binary: string,
  gpu: 'auto' | 'none' | undefined,
  signal: AbortSignal,
): Promise<NativeServer> {
  const { execa } = await import('execa');
  const run = await execa(binary, ['--list-devices'], {
    reject: false,
    stdin: 'ignore',
    timeout: INSPECT_MS,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  const CANNOT_EXECUTE = 126;
  if (run.exitCode === undefined || run.exitCode >= CANNOT_EXECUTE) {
    const detail = run.stderr.trim().split('\n').at(-1) || run.shortMessage;
    throw new BotllmError('MISSING_PREREQUISITE', messages.serverDoesNotRun(binary), {
      detail,
      hint: messages.serverDoesNotRunHint,
    });
  }
  const device = gpu === 'none' ? 'cpu' : run.exitCode === 0 ? devicesOf(run.stdout) : undefined;
  return { binary, ...(device === undefined ? {} : { device }) };
}

/** `CUDA0: NVIDIA L4 (22565 MiB, 22000 MiB free)`, one a line under a heading. */
function devicesOf(list: string): string | undefined {
  const [, after] = list.split(/available devices:/i);
  if (after === undefined) return undefined;
  const names = after.split('\n').flatMap((line) => /^\s+(\w+: [^(]+)/.exec(line)?.[1]?.trim() ?? []);
  return names.length === 0 ? 'cpu' : names.join(', ');
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
