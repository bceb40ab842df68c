import { createInterface } from 'node:readline';
import { BotllmError } from '../errors.js';
import type { Context } from './context.js';
import { messages } from './messages.js';

/** Whether somebody is there who may be asked. */
export function canAsk({ out, stdin, stderr, mayAsk }: Context): boolean {
  return mayAsk && !out.json && stdin().isTTY === true && stderr.isTTY === true;
}

/**
 * Asks on a terminal; anything but a yes is a no.
 * @param command the same command with its `--yes`
 * @throws BotllmError `USAGE` where nobody can be asked
 */
export async function confirm(ctx: Context, question: string, command: string): Promise<boolean> {
  if (!canAsk(ctx)) throw new BotllmError('USAGE', messages.needsYes(question), { hint: command });
  ctx.stderr.write(`${messages.ask(question)} `);
  // Not as a terminal of its own: Ctrl-C stays what it is everywhere.
  const lines = createInterface({ input: ctx.stdin() as NodeJS.ReadStream, terminal: false });
  const isYes = await new Promise<boolean>((resolve) => {
    lines.once('line', (line) => resolve(/^\s*(y|yes|д|да)\s*$/i.test(line)));
    lines.once('close', () => resolve(false));
    ctx.signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  lines.close();
  ctx.signal.throwIfAborted();
  return isYes;
}
