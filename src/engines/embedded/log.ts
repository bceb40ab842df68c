import { openSync, writeSync } from 'node:fs';
import { LOG_BYTES, LOG_FILES, rotateLog } from '../log-rotation.js';

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

const STDERR_FD = 2;

/** A clock's thirteen decimals are read by nobody. */
function inTenths(name: string, value: unknown): unknown {
  return typeof value === 'number' && name.endsWith('Ms') ? Math.round(value * 10) / 10 : value;
}

/**
 * Opens the log. Writing is synchronous on purpose: the one worker of libuv's pool is busy with the model, and
 * a line that was written before a crash of native code is a line that can be read afterwards.
 */
export function openLog(options: LogOptions = {}): Log {
  const { file, maxBytes = LOG_BYTES, files = LOG_FILES, now = () => new Date() } = options;
  const fd = file === undefined ? STDERR_FD : openSync(file, 'a');
  return (level, event, fields = {}) => {
    const line = `${JSON.stringify({ time: now().toISOString(), level, event, ...fields }, inTenths)}\n`;
    try {
      if (file !== undefined) rotateLog(file, maxBytes, files);
      writeSync(fd, line);
    } catch {
      // A full disk or a closed terminal must not take the engine down with it.
    }
  };
}
