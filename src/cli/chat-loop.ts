import { BotllmError, isBotllmError } from '../errors.js';
import { asSent } from './as-sent.js';
import { chatMessages } from './chat-messages.js';
import { aboutAnswer, type ChatSession } from './chat-session.js';
import type { Context } from './context.js';
import { converse } from './line-loop.js';
import { messages } from './messages.js';
import { printable } from './style.js';

/** Asks what is typed, line by line, until somebody leaves. */
export function talk(ctx: Context, session: ChatSession): Promise<void> {
  const { out, stdout } = ctx;
  return converse(ctx, {
    prompt: () => '> ',
    stopped: chatMessages.stopped,
    command: (word, rest) => say(ctx, session, word, rest),
    answer: async (text, signal) => {
      try {
        const answer = await session.ask(text, (piece) => stdout.write(piece), signal);
        stdout.write('\n');
        out.note(out.style.paint('dim', aboutAnswer(answer, messages.source[answer.result.source])));
      } catch (error) {
        stdout.write('\n');
        throw session.isBegun ? asGrown(error) : error;
      }
    },
  });
}

/** What is too long with all that was said before it may well fit without. */
function asGrown(error: unknown): unknown {
  if (!isBotllmError(error, 'PROMPT_TOO_LONG') && !isBotllmError(error, 'CONTEXT_EXCEEDED')) return error;
  const { code, message, detail } = error;
  return new BotllmError(code, message, { detail, hint: chatMessages.grown, cause: error });
}

function say({ stdout }: Context, session: ChatSession, word: string, rest: string): void {
  // Asked for, so that --quiet does not keep it back.
  const tell = (text: string) => void stdout.write(`${text}\n`);
  if (word === '/help') tell(chatMessages.help);
  else if (word === '/prompt') {
    const shown = asSent(session.prompt).map(({ role, content }) => `${role}: ${content}`);
    tell(shown.length === 0 ? chatMessages.empty : shown.join('\n'));
  } else if (word === '/system' && rest === '') tell(chatMessages.needsValue(word));
  else if (word === '/clear' || word === '/system') {
    session.begin(word === '/clear' ? undefined : rest);
    tell(chatMessages.began);
  } else tell(chatMessages.unknown(printable(word)));
}
