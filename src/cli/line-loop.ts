import { createInterface, type Interface } from 'node:readline';
import type { Context } from './context.js';
import { asBotllmError } from './output.js';

/** What is talked to, line by line. */
export interface Conversation {
  /** What stands before the line that is typed next. */
  prompt: () => string;
  /** A line that is no command; what goes wrong with it is told and ends nothing. */
  answer: (text: string, signal: AbortSignal) => Promise<void>;
  /** `/word rest`; `//word` is a text that begins with a slash. */
  command: (word: string, rest: string) => void;
  /** After Ctrl-C ended an answer. */
  stopped: string;
}

/** Whether somebody sits at both ends, and may be asked. */
export function isTerminal({ out, stdin, stdout, mayAsk }: Context): boolean {
  return mayAsk && !out.json && stdout.isTTY === true && stdin().isTTY === true;
}

/** Asks what is typed, until somebody leaves: Ctrl-C ends an answer, and leaves where there is none. */
export async function converse(ctx: Context, talk: Conversation): Promise<void> {
  const { out, stdout, signal } = ctx;
  const lines = createInterface({
    input: ctx.stdin() as NodeJS.ReadStream,
    output: stdout as NodeJS.WriteStream,
  });
  const typed = new TypedLines(lines);
  let answering: AbortController | undefined;
  lines.on('SIGINT', () => {
    if (!answering) return lines.close();
    answering.abort();
    // A pasted text is many questions: who stops the first wants none of the others.
    typed.forget();
  });
  const leave = () => lines.close();
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    for (;;) {
      if (!typed.isClosed) {
        lines.setPrompt(talk.prompt());
        // Keeps the cursor behind what was begun while an answer was written.
        lines.prompt(true);
      }
      const text = (await typed.next())?.trim();
      if (text === undefined || signal.aborted) break;
      const [word = '', ...rest] = text.split(' ');
      if (word === '/exit') break;
      try {
        if (/^\/(?!\/)/.test(word)) talk.command(word, rest.join(' ').trim());
        else if (text !== '') {
          answering = new AbortController();
          await talk.answer(text.replace(/^\/\//, '/'), AbortSignal.any([signal, answering.signal]));
        }
      } catch (error) {
        if (answering?.signal.aborted) out.note(talk.stopped);
        else out.explain(asBotllmError(signal.aborted ? signal.reason : error));
      }
      answering = undefined;
    }
  } finally {
    signal.removeEventListener('abort', leave);
    lines.close();
    stdout.write('\n');
  }
}

/** Lines in the order in which they were typed; those that come while an answer is written wait. */
class TypedLines {
  /** Nothing more is typed; some may still wait. */
  isClosed = false;
  private waiting: string[] = [];
  private wake = () => {};

  constructor(lines: Interface) {
    lines.on('line', (line) => {
      this.waiting.push(line);
      this.wake();
    });
    lines.on('close', () => {
      this.isClosed = true;
      this.wake();
    });
  }

  /** The next one; undefined where there is none any more. */
  async next(): Promise<string | undefined> {
    while (this.waiting.length === 0 && !this.isClosed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.waiting.shift();
  }

  forget(): void {
    this.waiting = [];
  }
}
