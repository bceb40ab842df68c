import { copyFileSync, fstatSync, ftruncateSync, openSync, renameSync, writeSync } from 'node:fs';

export type LogLevel = 'info' | 'warn' | 'error';

/** One JSON line for each thing that happened. Callers put in no prompt, no answer and no secret. */
export type Log = (level: LogLevel, event: string, fields?: Record<string, unknown>) => void;

export interface LogOptions {
  /** Absent: standard error. */
  file?: string | undefined;
  /** Bytes after which the file is moved aside. */
  maxBytes?: number;
  /** Files that are kept in all. */
  files?: number;
  now?: () => Date;
}

const MAX_BYTES = 10 * 1024 * 1024;
const FILES = 3;
const STDERR_FD = 2;

/**
 * Opens the log. Writing is synchronous on purpose: the one worker of libuv's pool is busy with the model, and
 * a line that was written before a crash of native code is a line that can be read afterwards.
 */
export function openLog(options: LogOptions = {}): Log {
  const { file, maxBytes = MAX_BYTES, files = FILES, now = () => new Date() } = options;
  const fd = file === undefined ? STDERR_FD : openSync(file, 'a');
  return (level, event, fields = {}) => {
    const line = `${JSON.stringify({ time: now().toISOString(), level, event, ...fields })}\n`;
    try {
      if (file !== undefined && fstatSync(fd).size >= maxBytes) rotate(file, fd, files);
      writeSync(fd, line);
    } catch {
      // A full disk or a closed terminal must not take the engine down with it.
    }
  };
}

/**
 * Copies and empties instead of renaming: the parent opened the same file as this process's stderr, where
 * crashes of native code land, and that descriptor has to go on writing to the current file.
 */
function rotate(file: string, fd: number, files: number): void {
  for (let n = files - 2; n >= 1; n--) {
    try {
      renameSync(`${file}.${n}`, `${file}.${n + 1}`);
    } catch {
      // Not there yet.
    }
  }
  if (files > 1) copyFileSync(file, `${file}.1`);
  ftruncateSync(fd, 0);
}
