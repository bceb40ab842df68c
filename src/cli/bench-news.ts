import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { BotllmError } from '../errors.js';
import { benchMessages } from './bench-messages.js';
import type { Context } from './context.js';

/**
 * Lets a second reader follow a bench: the events of `--json` go to a file or a pipe as well, and a last one says
 * that it is over.
 * @throws BotllmError `USAGE` when nothing can be appended there
 */
export async function withNews<T>(
  ctx: Context,
  file: string | undefined,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  if (file === undefined) return work(ctx);
  const stream = createWriteStream(file, { flags: 'a' });
  await once(stream, 'open').catch((cause: unknown) => {
    throw new BotllmError('USAGE', benchMessages.notAppended(file), {
      hint: benchMessages.notAppendedHint,
      cause,
    });
  });
  // A reader who leaves early ends the news, and not the bench.
  let gone = false;
  stream.on('error', () => {
    gone = true;
  });
  const tell = (event: object) => {
    if (!gone) stream.write(`${JSON.stringify(event)}\n`);
  };
  const event = (one: object) => {
    ctx.out.event(one);
    tell(one);
  };
  let ok = false;
  try {
    const result = await work({ ...ctx, out: { ...ctx.out, event } });
    ok = true;
    return result;
  } finally {
    tell({ type: 'over', ok, interrupted: ctx.signal.aborted });
    if (!gone) await new Promise<void>((resolve) => stream.end(resolve));
  }
}
