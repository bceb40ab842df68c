import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BotllmError } from '../errors.js';
import { junitOf } from '../eval/junit.js';
import type { EvalReport } from '../eval/report.js';
import type { Context } from './context.js';
import { evalMessages } from './eval-messages.js';

/** The files that were asked for: the object that `--json` prints, and JUnit. */
export interface EvalFiles {
  junit?: string;
  output?: string;
}

/**
 * Whether they can be written: asked before an hour of questions, not after it.
 * @throws BotllmError `BAD_CONFIG` for a folder that is not there, or not ours
 */
export async function requireEvalPlaces({ folders }: Context, { junit, output }: EvalFiles): Promise<void> {
  for (const file of [junit, output]) {
    if (file === undefined) continue;
    const place = path.resolve(folders.cwd, file);
    // What is there is written over: its folder, /dev for one, may belong to others.
    await access(place, constants.W_OK)
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        return access(path.dirname(place), constants.W_OK);
      })
      .catch((cause: Error) => {
        throw evalMessages.notWritten(file, cause.message);
      });
  }
}

/** Writes them. @returns why one could not be: no reason to lose the answers */
export async function saveEval(
  { folders }: Context,
  data: EvalReport,
  { junit, output }: EvalFiles,
): Promise<BotllmError | undefined> {
  const files: [file: string | undefined, text: () => string][] = [
    [junit, () => junitOf(data)],
    [output, () => `${JSON.stringify({ schema: 'botllm.eval/1', data }, null, 2)}\n`],
  ];
  let unsaved: BotllmError | undefined;
  for (const [file, text] of files) {
    if (file === undefined) continue;
    await writeFile(path.resolve(folders.cwd, file), text()).catch((cause: Error) => {
      unsaved ??= evalMessages.notWritten(file, cause.message);
    });
  }
  return unsaved;
}
