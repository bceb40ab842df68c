import { BotllmError } from '../errors.js';
import type { World } from './context.js';
import { messages } from './messages.js';

/** Far above any prompt that is allowed, and far below what would hurt. */
const STDIN_LIMIT_BYTES = 1024 * 1024;

/**
 * The text of an argument, or of standard input when it is `-` or absent in a pipe.
 * @throws BotllmError `USAGE` when there is none, or too much of it
 */
export async function readText(argument: string | undefined, world: World): Promise<string> {
  if (argument !== undefined && argument !== '-') return requireText(argument);
  if (argument === undefined && world.stdin().isTTY) return requireText('');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of world.stdin()) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > STDIN_LIMIT_BYTES) throw new BotllmError('USAGE', messages.stdinTooLarge('1 MiB'));
    chunks.push(bytes);
  }
  return requireText(decode(Buffer.concat(chunks)).replace(/\r?\n$/, ''));
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BotllmError('USAGE', messages.stdinNotUtf8, { hint: messages.stdinNotUtf8Hint, cause });
  }
}

function requireText(text: string): string {
  if (text.trim() === '') {
    throw new BotllmError('USAGE', messages.missingText, { hint: messages.missingTextHint });
  }
  return text;
}
