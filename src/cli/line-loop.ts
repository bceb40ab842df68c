import { createInterface } from 'node:readline';
import type { Context } from './context.js';
import { asBotllmError } from './output.js';

/** What is talked to, line by line. */
export interface Conversation {
  /** What stands before the line that is typed next. */
  prompt: () => string;
  /** A line that is no command; what goes wrong with it is told and ends nothing. */
  answer: (text: string, signal: AbortSignal) => Promise<void>;
  /** `/word rest`. */
  command: (word: string, rest: string) => void;
  /** After Ctrl-C ended an answer. */
  stopped: string;
}

/** Whether somebody sits at both ends. */
export function isTerminal({ out, stdin, stdout }: Context): boolean {
  return !out.json && stdout.isTTY === true && stdin().isTTY === true;
}

/** Asks what is typed, until somebody leaves: Ctrl-C ends an answer, and leaves where there is none. */
export async function converse(ctx: Context, talk: Conversation): Promise<void> {
  const { out, stdout, signal } = ctx;
  const lines = createInterface({
    input: ctx.stdin() as NodeJS.ReadStream,
    output: stdout as NodeJS.WriteStream,
  });
  let answering: AbortController | undefined;
  const onSigint = () => (answering ? answering.abort() : lines.close());
  const leave = () => lines.close();
  const ask = () => {
    lines.setPrompt(talk.prompt());
    lines.prompt();
  };
  lines.on('SIGINT', onSigint);
  signal.addEventListener('abort', leave, { once: true });
  ask();
  try {
    for await (const line of lines) {
      const text = line.trim();
      const [word = '', ...rest] = text.split(' ');
      if (word === '/exit') break;
      try {
        if (word.startsWith('/')) talk.command(word, rest.join(' ').trim());
        else if (text !== '') {
          answering = new AbortController();
          await talk.answer(text, AbortSignal.any([signal, answering.signal]));
        }
      } catch (error) {
        if (answering?.signal.aborted) out.note(talk.stopped);
        else out.explain(asBotllmError(error));
      }
      answering = undefined;
      if (signal.aborted) break;
      ask();
    }
  } finally {
    signal.removeEventListener('abort', leave);
    lines.close();
    stdout.write('\n');
  }
}
