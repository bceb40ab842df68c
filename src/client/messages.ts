import { inLanguage } from '../language.js';

/** What this room says to people. */
export const MESSAGES = inLanguage('client', {
  disabled: 'The language model is switched off',
  disabledHint: 'LLM_ENABLED=true, or enabled: true',
  closed: 'The client is closed',
  aborted: 'The call was aborted by its caller',
  deadline: (ms: number) => `No answer within ${ms} ms in all`,
  deadlineHint: 'a larger LLM_DEADLINE, or deadlineMs for one call',
  timeout: (ms: number) => `The engine gave no answer within ${ms} ms`,
  idle: (ms: number) => `The stream stood still for ${ms} ms`,
  timeoutHint: 'a larger LLM_TIMEOUT; botllm status shows how busy the engine is',
  promptTooLong: (chars: number, max: number) => `The prompt has ${chars} characters, ${max} are allowed`,
  promptTooLongHint: 'a shorter text, or a larger LLM_MAX_PROMPT_CHARS',
  noMessages: 'messages must be a list of { role, content } with at least one entry',
  noPrompt: 'prompt must be text',
  badExtra: 'extra must be an object that JSON can hold',
  badRequestId: 'requestId must be 1 to 128 visible ASCII characters',
  badUserId: (chars: number) =>
    `userId must be text of at most ${chars} characters, without control characters`,
  badScope: (chars: number) => `scope must be text of 1 to ${chars} characters`,
  badTraceparent: 'traceparent must be a trace context of W3C',
  badPriority: (known: string) => `priority must be one of ${known}`,
  contextExceeded: (tokens: number, answer: number, context: number) =>
    `The prompt has ${tokens} tokens; with ${answer} for the answer that is more than the engine's ${context}`,
  contextHint: 'a shorter text, or an engine with a longer context',
  iterateOnce: 'A stream can be iterated once',
  broken: 'The stream was left before its end',
  badNumber: (name: string, range: string) => `${name} must be ${range}`,
  breakerOpen: (ms: number) => `The engine failed again and again; the next try is in ${ms} ms`,
  breakerHint: 'botllm health',
  rateLimited: (limit: number, seconds: number) =>
    `The user made ${limit} calls within 60 s; the next one is possible in ${seconds} s`,
  rateLimitedHint: 'wait, or a larger LLM_RATE_LIMIT (calls per user in 60 s; 0 is unlimited)',
  overloaded: (waitMs: number, waiting: number) =>
    `The engine is busy: a turn would come in about ${waitMs} ms (calls waiting: ${waiting})`,
  overloadedHint: 'again in a moment; or more slots on the engine, and LLM_MAX_CONCURRENCY',
  unreachable: (where: string) => `Nothing answers at ${where}`,
  unreachableHint: 'botllm up, or LLM_BASE_URL=http://host:port',
  brokenConnection: (where: string) => `The connection to ${where} broke`,
  refused: (status: number, why: string) => `The engine answered ${status}${why ? `: ${why}` : ''}`,
  notJson: 'The engine answered with something that is not JSON',
  notAnAnswer: 'The engine answered with no choice in it',
  errorInside: (why: string) => `The engine answered 200 with an error in it${why ? `: ${why}` : ''}`,
  emptyAnswer: 'The model ended its answer before its first word',
  emptyHint: 'other words, or another model: botllm models',
  tooLarge: (bytes: number) => `The engine answered with more than ${bytes} bytes`,
  odd: (finish: string) => `The engine ended the answer with ${JSON.stringify(finish)}`,
  unfinished: 'The answer broke off: the engine never said that it was whole',
  cut: 'The answer was cut at its longest length',
  baseUrlHint: 'LLM_BASE_URL must point at an OpenAI-compatible server',
  modelHint: 'botllm models, or LLM_MODEL',
  keyHint: 'LLM_API_KEY=… with a key that the engine accepts',
  internal: 'Something inside the client went wrong',
});

/** The one sentence that goes to the model, and so is the same in every language. */
export const reaskText = (reason: string): string =>
  `That answer was not accepted. ${reason}.\nAnswer the same question again with the JSON object alone.`;
