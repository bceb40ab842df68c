import { BotllmError } from '../errors.js';
import { MESSAGES } from './messages.js';
import type { EngineRequest } from './requests.js';

/**
 * What chat templates use to mark roles and turns. Engines read these inside a user's text as well, so a user
 * could end his turn and speak as somebody else.
 */
const CONTROL_TOKEN =
  /<[|｜][^<>|｜\n]{1,40}[|｜]>|<\/?(?:s|bos|eos|pad|unk|think|start_of_turn|end_of_turn|tool_call|tool_response)>|\[\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]|<<\/?SYS>>/giu;

/** Control characters without tab and line break, and the tag block, which shows nothing and says something. */
const INVISIBLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]|[\u{E0000}-\u{E007F}]/gu;

/**
 * Step one of the pipeline: a bounded prompt, with nothing in a user's text that steers the chat template.
 * Texts of system and assistant are the developer's, and a raw prompt may well carry a template's tokens.
 * @throws BotllmError `PROMPT_TOO_LONG`; a prompt is never cut silently
 */
export function sanitise(request: EngineRequest, maxChars: number): EngineRequest {
  const clean: EngineRequest = {
    ...request,
    prompt: request.prompt === null ? null : request.prompt.toWellFormed(),
    messages: request.messages.map(({ role, content }) => ({
      role,
      content: role === 'user' ? sanitiseText(content) : content.toWellFormed(),
    })),
  };
  const chars = promptChars(clean);
  if (chars > maxChars) {
    throw new BotllmError('PROMPT_TOO_LONG', MESSAGES.promptTooLong(chars, maxChars), {
      hint: MESSAGES.promptTooLongHint,
    });
  }
  return clean;
}

/** One user's text. Whatever it held, what comes out holds no control token. */
export function sanitiseText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(INVISIBLE, '')
    .replaceAll(CONTROL_TOKEN, (token) => `${token[0]} ${token.slice(1, -1)} ${token.at(-1)}`);
}

/** Characters as people count them: one for a letter outside the basic plane, too. */
export function promptChars(request: EngineRequest): number {
  let chars = 0;
  for (const { content } of request.messages) chars += countChars(content);
  return chars + (request.prompt === null ? 0 : countChars(request.prompt));
}

function countChars(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
