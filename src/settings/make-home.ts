import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { BotllmError } from '../errors.js';
import { MESSAGES } from './messages.js';

/**
 * Makes the home folder, or says at once that it cannot be one. Level by level: Node's own recursive mkdir
 * spins for ever in folders that refuse new entries with ENOENT (/proc).
 * @throws BotllmError `BAD_CONFIG`, naming BOTLLM_HOME
 */
export function makeHome(home: string): void {
  const missing: string[] = [];
  let at = path.resolve(home);
  try {
    for (; !existsSync(at); at = path.dirname(at)) missing.unshift(at);
    accessSync(at, constants.W_OK | constants.X_OK);
    for (at of missing) mkdirSync(at, { mode: 0o700 });
    // A file in the home's place is found out here.
    at = path.join(path.resolve(home), 'state');
    if (!existsSync(at)) mkdirSync(at, { mode: 0o700 });
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new BotllmError('BAD_CONFIG', MESSAGES.noHome(home), {
      detail: `${code} ${at}`.trim(),
      hint: MESSAGES.noHomeHint,
      cause,
    });
  }
}
