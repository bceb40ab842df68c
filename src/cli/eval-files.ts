import path from 'node:path';
import { requirePlace, writeWhole } from '../bench/report/place.js';
import type { BotllmError } from '../errors.js';
import { junitOf } from '../eval/junit.js';
import type { EvalReport } from '../eval/report.js';
import type { Context } from './context.js';
import { asBotllmError } from './output.js';

/** The files that were asked for: the object that `--json` prints, and JUnit. */
export interface EvalFiles {
  junit?: string;
  output?: string;
}

/** @throws BotllmError `USAGE` where one of them cannot be written */
export async function requireEvalPlaces({ folders }: Context, { junit, output }: EvalFiles): Promise<void> {
  for (const file of [junit, output]) {
    if (file !== undefined) await requirePlace(path.resolve(folders.cwd, file));
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
    await writeWhole(path.resolve(folders.cwd, file), text()).catch((thrown: unknown) => {
      unsaved ??= asBotllmError(thrown);
    });
  }
  return unsaved;
}
