import type { LlamaLogLevel } from 'node-llama-cpp';
import type { Log } from '../log.js';

export interface LlamaLogger {
  (level: LlamaLogLevel, message: string): void;
  /** The first error: those that follow only say that what it broke was given up. */
  complaint?: string;
}

/** Hands llama.cpp's warnings and errors to the log. */
export function llamaLogger({ warn }: Pick<typeof LlamaLogLevel, 'warn'>, log: Log): LlamaLogger {
  const logger: LlamaLogger = (level, message) => {
    if (level !== warn) logger.complaint ??= message.trim();
    log(level === warn ? 'warn' : 'error', 'llama', { message });
  };
  return logger;
}
