import { BotllmError } from '../errors.js';
import { defuse } from './control-tokens.js';
import { MESSAGES } from './messages.js';
import { remembering } from './remembering.js';
import type { EngineRequest } from './requests.js';

/** Control characters without tab and line break, and the tag block, which shows nothing and says something. */
const INVISIBLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]|[\u{E0000}-\u{E007F}]/gu;

/**
 * Step one of the pipeline: a bounded prompt, with nothing in its messages that steers the chat template. A raw
 * prompt goes out as it is, because it may well be such a template; who puts a user's text into one, answers
 * for it.
 * @param maxChars the bound, of all texts together
 * @throws BotllmError `PROMPT_TOO_LONG`; a prompt is never cut silently
 */
export function sanitise(request: EngineRequest, maxChars: number): EngineRequest {
  // A character has at most two units: what is far too long is not even looked through.
  const units = request.messages.reduce(
    (sum, { content }) => sum + content.length,
    request.prompt?.length ?? 0,
  );
  if (units > 2 * maxChars) throw tooLong(units, maxChars);
  const clean = cleaned(request);
  const chars = promptChars(clean);
  if (chars > maxChars) throw tooLong(chars, maxChars);
  return clean;
}

/** The request with harmless texts, whatever their length. */
export function cleaned(request: EngineRequest): EngineRequest {
  const { messages, prompt, structured } = request;
  // A task's instructions and examples come again with every call of it; what is asked comes last, and must not push
  // them out.
  const fixed = structured ? messages.length - 1 : 0;
  return {
    ...request,
    prompt: prompt?.toWellFormed() ?? null,
    messages: messages.map(({ role, content }, i) => {
      const { known, fresh } = CLEAN[role === 'user' ? 'user' : 'developer'];
      // Keys in order: so the text for the cache's key is made fastest.
      return { content: i < fixed ? known(content) : fresh(content), role };
    }),
  };
}

const CLEAN = {
  user: { known: remembering(cleanUserText), fresh: remembering(cleanUserText) },
  developer: { known: remembering(cleanText), fresh: remembering(cleanText) },
};

/** One user's text. Whatever it held, what comes out holds no control token. */
export function cleanUserText(text: string): string {
  return defuse(withoutControls(text).replaceAll(/\r\n?/g, '\n'), 'user');
}

/** A text of system or assistant: the developer's, but he may have put a user's name or words into it. */
function cleanText(text: string): string {
  return defuse(withoutControls(text), 'developer');
}

function withoutControls(text: string): string {
  return text.toWellFormed().replaceAll(INVISIBLE, '');
}

function tooLong(chars: number, maxChars: number): BotllmError {
  return new BotllmError('PROMPT_TOO_LONG', MESSAGES.promptTooLong(chars, maxChars), {
    hint: MESSAGES.promptTooLongHint,
  });
}

/** Characters as people count them: one for a letter outside the basic plane, too. */
export function promptChars(request: EngineRequest): number {
  let chars = 0;
  for (const { content } of request.messages) chars += countChars(content);
  return chars + (request.prompt === null ? 0 : countChars(request.prompt));
}

function countChars(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF](?=[\uDC00-\uDFFF])/g)?.length ?? 0);
}
