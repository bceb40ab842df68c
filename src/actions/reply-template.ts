import type { CompleteOptions, LlmClient } from '../client/client.js';
import { BotllmError } from '../errors.js';
import type { AnswerSource } from '../types.js';
import { parseReplyTemplate, type ReplyTemplate } from './action.js';
import { improveTemplate } from './improve-template.js';
import { type Piece, readTemplate, writeMessage } from './markup.js';
import { MESSAGES } from './messages.js';
import { type ParseMode, syntaxOf } from './parse-modes.js';
import { type TemplateVars, variableReader } from './variables.js';

export interface ReplyOptions extends Omit<CompleteOptions, 'onFailure'> {
  /** The runtime's client; asked only for an action with `llm_improve: true`. */
  llm: Pick<LlmClient, 'complete'>;
}

/** A message that is ready to be sent. */
export interface RenderedReply {
  /** Escaped for `parseMode`, where the action has one. */
  text: string;
  parseMode?: ParseMode;
  /** The action's keyboard, as it was given. */
  keyboard?: ReplyTemplate['params']['keyboard'];
  /** `template`: no improvement was asked for. `fallback`: the text is the action's own, `error` says why. */
  source: 'template' | AnswerSource;
  error?: BotllmError;
  /** Variables of the template that `vars` has not; their `{{names}}` still stand in the text. */
  missing: string[];
}

/** UTF-16 units of the longest message that Telegram takes. */
const MAX_MESSAGE = 4096;

/**
 * Makes a message out of an `action.reply_template.v1`. With `llm_improve: true` the model rewords the template
 * first, and the variables are filled in afterwards: the model never sees a user's data, and every user of a template
 * shares one cached answer. Placeholders, markup and keyboard come out as they went in. With `parse_mode` (`HTML`,
 * `Markdown`, `MarkdownV2`) variables and words are escaped for it, so that Telegram takes whatever they hold.
 *
 * Whatever goes wrong with the model, the action's own text is sent.
 * @throws BotllmError `INVALID_REQUEST` for an action or a variable that is not right, naming its path
 */
export async function renderReplyTemplate(
  action: unknown,
  vars: TemplateVars,
  { llm, ...call }: ReplyOptions,
): Promise<RenderedReply> {
  const { text, parse_mode: parseMode, keyboard, llm_improve, tone } = parseReplyTemplate(action).params;
  const syntax = syntaxOf(parseMode);
  const template = readTemplate(text, syntax);
  const { value, missing } = variableReader(vars);
  const write = (pieces: readonly Piece[]) => writeMessage(pieces, syntax, value);
  // Before the model is asked: a variable that is not right is the caller's mistake, whatever the model says.
  const plain = write(template);
  const rest = {
    ...(parseMode && { parseMode }),
    ...(keyboard && { keyboard }),
    missing: [...missing],
  };
  if (llm_improve !== true) return { text: plain, source: 'template', ...rest };
  const improved = await improveTemplate(template, tone, llm, call);
  if (improved.source === 'fallback') return { text: plain, ...improved, ...rest };
  const better = write(improved.pieces);
  if (better.length > MAX_MESSAGE && plain.length <= MAX_MESSAGE) {
    const error = new BotllmError('INVALID_ANSWER', MESSAGES.messageTooLong(better.length, MAX_MESSAGE));
    return { text: plain, source: 'fallback', error, ...rest };
  }
  return { text: better, source: improved.source, ...rest };
}
