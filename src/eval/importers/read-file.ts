import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { BotllmError } from '../../errors.js';
import { MESSAGES } from '../messages.js';

/** The largest file of these sets has 30 MB. */
const MAX_BYTES = 64 * 2 ** 20;
const MAX_FILES = 200;

/** @throws BotllmError `USAGE` for what cannot be read, and for what is larger than any set */
export async function readBounded(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw new Error(MESSAGES.tooLarge(size, MAX_BYTES));
    const bytes = await readFile(file);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      // Some files of SNIPS are older than the habit.
      return new TextDecoder('latin1').decode(bytes);
    }
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** The file itself, or the files of a folder, two levels deep, whose names fit; in the order of their names. */
export async function filesUnder(place: string, name: RegExp): Promise<string[]> {
  try {
    if (!(await stat(place)).isDirectory()) return [place];
    const entries = await readdir(place, { recursive: true, withFileTypes: true });
    const found = entries
      .filter((entry) => entry.isFile() && name.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => path.relative(place, file).split(path.sep).length <= 3)
      .sort();
    if (found.length === 0 || found.length > MAX_FILES) throw new Error(MESSAGES.noFiles(String(name)));
    return found;
  } catch (cause) {
    throw unreadable(place, cause);
  }
}

export function unreadable(file: string, cause: unknown): BotllmError {
  const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  return new BotllmError('USAGE', MESSAGES.unreadable(file), { detail: why, hint: MESSAGES.dataHint, cause });
}
