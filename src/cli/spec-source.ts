import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { BotllmError } from '../errors.js';
import type { Context } from './context.js';
import { improveMessages } from './improve-messages.js';
import { readText } from './input.js';

/** A bot's specification as it was read. */
export interface SpecSource {
  /** Absent for standard input. */
  file?: string;
  text: string;
  format: 'json' | 'yaml';
}

/** @throws BotllmError `USAGE` for a file that cannot be read or is no text */
export async function readSpec(ctx: Context, given: string): Promise<SpecSource> {
  if (given === '-') {
    const text = await readText('-', ctx, 'cat bot.json | botllm improve -');
    return { text, format: /^\s*[[{]/.test(text) ? 'json' : 'yaml' };
  }
  const file = await realpath(path.resolve(ctx.folders.cwd, given)).catch((cause) => {
    throw unreadable(given, cause);
  });
  const text = await readSpecFile(file, given);
  return { file, text, format: /\.json$/i.test(file) ? 'json' : 'yaml' };
}

export async function readSpecFile(file: string, given: string): Promise<string> {
  const bytes = await readFile(file).catch((cause) => {
    throw unreadable(given, cause);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new BotllmError('USAGE', improveMessages.notUtf8(given), { hint: 'iconv -t UTF-8', cause });
  }
}

function unreadable(file: string, cause: unknown): BotllmError {
  const detail = (cause as NodeJS.ErrnoException).code;
  return new BotllmError('USAGE', improveMessages.noFile(file), { detail, cause });
}
