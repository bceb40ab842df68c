import { createInterface } from 'node:readline';
import { chatMessages } from './chat-messages.js';
import { aboutAnswer, type ChatSession } from './chat-session.js';
import type { Context } from './context.js';
import { messages } from './messages.js';
import { asBotllmError } from './output.js';
import { printable } from './style.js';

/** Asks what is typed, line by line, until somebody leaves. What goes wrong with one answer ends no conversation. */
export async function talk(ctx: Context, session: ChatSession): Promise<void> {
  const { out, stdout, signal } = ctx;
  const lines = createInterface({
    input: ctx.stdin() as NodeJS.ReadStream,
    output: stdout as NodeJS.WriteStream,
    prompt: '> ',
  });
  let answering: AbortController | undefined;
  const onSigint = () => (answering ? answering.abort() : lines.close());
  const leave = () => lines.close();
  lines.on('SIGINT', onSigint);
  signal.addEventListener('abort', leave, { once: true });
  lines.prompt();
  try {
    for await (const line of lines) {
      const text = line.trim();
      if (text === '/exit') break;
      if (text.startsWith('/')) say(ctx, session, text);
      else if (text !== '') {
        answering = new AbortController();
        const stop = AbortSignal.any([signal, answering.signal]);
        try {
          const answer = await session.ask(text, (piece) => stdout.write(piece), stop);
          stdout.write('\n');
          out.note(out.style.paint('dim', aboutAnswer(answer, messages.source[answer.result.source])));
        } catch (error) {
          stdout.write('\n');
          if (answering.signal.aborted) out.note(chatMessages.stopped);
          else out.explain(asBotllmError(error));
        }
        answering = undefined;
      }
      if (signal.aborted) break;
      lines.prompt();
    }
  } finally {
    signal.removeEventListener('abort', leave);
    lines.close();
    stdout.write('\n');
  }
}

function say({ out }: Context, session: ChatSession, typed: string): void {
  const [word = '', ...rest] = typed.split(' ');
  if (word === '/help') out.note(chatMessages.help);
  else if (word === '/prompt') {
    const shown = session.prompt.map(({ role, content }) => `${role}: ${printable(content)}`);
    out.note(shown.length === 0 ? chatMessages.empty : shown.join('\n'));
  } else if (word === '/clear' || word === '/system') {
    session.begin(rest.length === 0 ? undefined : rest.join(' '));
    out.note(chatMessages.began);
  } else out.note(chatMessages.unknown(printable(word)));
}
