import { mkdirSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BotllmError } from '../../errors.js';
import type { Env } from '../../settings/read.js';
import { messages } from '../messages.js';
import { type SpawnedEngine, spawnProcess, withoutSecrets } from '../spawn.js';
import { type EngineJob, StartFailure } from './job.js';

export const ENGINE_MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
/** It loads modules of its own with `require`, which Node 20 calls an experiment. */
const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning'];

/**
 * Starts the process that holds the model; it answers `/health` at once and is ready later.
 * @throws BotllmError with the engine's own reason when it ended at once
 */
export async function spawnEngine(job: EngineJob, env: Env, attached: boolean): Promise<SpawnedEngine> {
  await rm(job.failureFile, { force: true });
  mkdirSync(path.dirname(job.failureFile), { recursive: true });
  const spawned = await spawnProcess({
    command: process.execPath,
    args: [...NODE_OPTIONS, ENGINE_MAIN],
    env: {
      ...withoutSecrets(env),
      // Each libuv worker that calls into OpenMP would get a thread team of its own, and idle teams spin:
      // one worker decodes 1.4 to 2 times faster on 2 cores.
      UV_THREADPOOL_SIZE: '1',
      BOTLLM_ENGINE_JOB: JSON.stringify(job),
    },
    logFile: job.logFile,
    attached,
  });
  if ('ended' in spawned) throw await startFailure(job, spawned.ended);
  return spawned;
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
