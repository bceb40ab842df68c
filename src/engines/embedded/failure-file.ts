import { renameSync, writeFileSync } from 'node:fs';
import type { EngineJob, StartFailure } from './job.js';
import { engineMessages } from './messages.js';
import { StartError } from './start-error.js';

/** Whatever stopped the start, in the shape that the launcher reads. */
export function startFailureOf(job: EngineJob, error: unknown): StartFailure {
  if (error instanceof StartError) {
    const { code, message, detail, hint } = error;
    return {
      instanceId: job.instanceId,
      code,
      message,
      ...(detail === undefined ? {} : { detail }),
      ...(hint === undefined ? {} : { hint }),
    };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { instanceId: job.instanceId, code: 'ENGINE_FAILED', message: engineMessages.startFailed, detail };
}

/** Writes the failure whole or not at all: the launcher may read at any moment. */
export function writeFailureFile(path: string, failure: StartFailure): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(failure)}\n`);
  renameSync(draft, path);
}
