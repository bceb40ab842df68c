import { copyFileSync, renameSync, statSync, truncateSync } from 'node:fs';

export const LOG_BYTES = 10 * 1024 * 1024;
/** Files that are kept in all. */
export const LOG_FILES = 3;

/**
 * Moves a log aside once it is too long. Copies and empties instead of renaming: a process that was started
 * with this file as its stderr (crashes of native code land there) goes on writing to the current one.
 */
export function rotateLog(file: string, maxBytes = LOG_BYTES, files = LOG_FILES): void {
  try {
    if (statSync(file).size < maxBytes) return;
  } catch {
    return;
  }
  for (let n = files - 2; n >= 1; n--) {
    try {
      renameSync(`${file}.${n}`, `${file}.${n + 1}`);
    } catch {
      // Not there yet.
    }
  }
  if (files > 1) copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
}
