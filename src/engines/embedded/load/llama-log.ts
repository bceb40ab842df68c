import type { LlamaLogLevel } from 'node-llama-cpp';
import type { Log } from '../log.js';

/** Hands llama.cpp's warnings and errors to the log. */
export function llamaLogger({ warn }: Pick<typeof LlamaLogLevel, 'warn'>, log: Log) {
  return (level: LlamaLogLevel, message: string) =>
    log(level === warn ? 'warn' : 'error', 'llama', { message });
}
