import path from 'node:path';
import { ENV_LIMIT_BYTES, readEnvText } from './env-file.js';
import { readOne } from './load.js';
import type { Problem } from './problem.js';
import { refusePrograms } from './project-limits.js';
import { readSmallText } from './read-text.js';
import { resolveLayers } from './resolve.js';
import type { Suggest } from './source.js';

/**
 * Everything that is wrong with one file, wherever it lies: a configuration file, or a `.env` by its name.
 * @param ownFolder where the user's own configuration file lies
 */
export async function checkFile(file: string, suggest: Suggest, ownFolder: string): Promise<Problem[]> {
  const isEnv = /^\.env(\.|$)|\.env$/.test(path.basename(file));
  const { values, problems } = isEnv ? namedEnv(file) : await readOne(file, 'project', suggest);
  // A configuration file that is named may be meant for the user's own folder; a `.env` never is.
  const programs = isEnv ? refusePrograms(values, ownFolder).problems : [];
  return [...problems, ...programs, ...resolveLayers([values], '').problems];
}

/** Unlike the `.env` of a folder, one that was named has to be there. */
function namedEnv(file: string) {
  const read = readSmallText(file, ENV_LIMIT_BYTES);
  if ('text' in read) return readEnvText(file, read.text);
  return { values: new Map(), problems: [{ file, message: read.refusal }] };
}
