import { BotllmError } from '../errors.js';
import type { World } from './context.js';
import { messages } from './messages.js';

/** Far above any prompt that is allowed, and far below what would hurt. */
const STDIN_LIMIT_BYTES = 1024 * 1024;

/** How a command is handed the text that is its argument. */
export const textHint = (command: string): string =>
  messages.missingTextHint(`botllm ${command} "…"`, `echo "…" | botllm ${command} -`);

/**
 * The text of an argument, or of standard input when it is `-` or absent in a pipe.
 * @param hint what to type where there is none
 * @throws BotllmError `USAGE` when there is none, or too much of it
 */
export async function readText(argument: string | undefined, world: World, hint: string): Promise<string> {
  if (argument !== undefined && argument !== '-') return requireText(argument, hint);
  if (argument === undefined && world.stdin().isTTY) return requireText('', hint);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of world.stdin()) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > STDIN_LIMIT_BYTES) throw new BotllmError('USAGE', messages.stdinTooLarge('1 MiB'));
    chunks.push(bytes);
  }
  return requireText(decode(Buffer.concat(chunks)).replace(/\r?\n$/, ''), hint);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BotllmError('USAGE', messages.stdinNotUtf8, { hint: messages.stdinNotUtf8Hint, cause });
  }
}

function requireText(text: string, hint: string): string {
  if (text.trim() === '') {
    throw new BotllmError('USAGE', messages.missingText, { hint });
  }
  return text;
}
