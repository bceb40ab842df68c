import { BotllmError } from '../errors.js';
import { parseJsonResponse } from '../prompts/json.js';
import { labelConfidence } from '../prompts/label-confidence.js';
import type { PromptConfig } from '../prompts/prompt-config.js';
import type { EngineAnswer } from './answer.js';
import { MESSAGES } from './messages.js';

/** An answer that passed every check. */
export interface Accepted<T> {
  content: string;
  data: T;
  confidence: number | null;
}

/** How a kind of call judges an answer, the fresh and the cached one alike. */
export type Judge<T> = (answer: EngineAnswer) => Accepted<T>;

/** Chat and completion: any text will do, cut ones included; the caller sees `finishReason`. */
export const acceptText: Judge<undefined> = (answer) => ({
  content: answer.text,
  data: undefined,
  confidence: null,
});

/**
 * A task's judge: finish reason, JSON, schema, the task's own check, in this order.
 * @throws BotllmError `INCOMPLETE_RESPONSE` for a cut answer, `INVALID_ANSWER` for the rest
 */
export function judgeOf<T>(config: PromptConfig<T>): Judge<T> {
  return (answer) => {
    if (answer.finishReason !== 'stop') throw new BotllmError('INCOMPLETE_RESPONSE', MESSAGES.cut);
    const object = parseJsonResponse(answer.text, { finishReason: 'stop' });
    const confidence = answer.confidence ?? confidenceOf(answer, config, object);
    const data = config.accept(object, { confidence });
    return { content: JSON.stringify(data), data, confidence };
  };
}

function confidenceOf(
  { tokens }: EngineAnswer,
  { label }: PromptConfig<unknown>,
  object: Record<string, unknown>,
): number | null {
  const chosen = label && object[label.property];
  return tokens && label && typeof chosen === 'string' ? labelConfidence(tokens, label, chosen) : null;
}
