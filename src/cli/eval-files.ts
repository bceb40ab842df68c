import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { junitOf } from '../eval/junit.js';
import type { EvalReport } from '../eval/report.js';
import type { Context } from './context.js';
import { evalMessages } from './eval-messages.js';

/** Writes what was asked for in files: the object that `--json` prints, and JUnit. */
export async function saveEval(
  { folders }: Context,
  data: EvalReport,
  { junit, output }: { junit?: string; output?: string },
): Promise<void> {
  const files: [file: string | undefined, text: () => string][] = [
    [junit, () => junitOf(data)],
    [output, () => `${JSON.stringify({ schema: 'botllm.eval/1', data }, null, 2)}\n`],
  ];
  for (const [file, text] of files) {
    if (file === undefined) continue;
    await writeFile(path.resolve(folders.cwd, file), text()).catch((cause: Error) => {
      throw evalMessages.notWritten(file, cause.message);
    });
  }
}
