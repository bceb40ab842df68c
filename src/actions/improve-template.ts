import type { CompleteOptions, LlmClient } from '../client/client.js';
import { BotllmError, isBotllmError } from '../errors.js';
import { type ImproveData, improveText } from '../prompts/improve.js';
import type { PromptConfig } from '../prompts/prompt-config.js';
import type { AnswerSource } from '../types.js';
import type { Piece } from './markup.js';
import { mask, unmask } from './mask.js';

/** A template in other words; without `pieces` it stays as it is, and `error` says why. */
export type Improvement =
  | { source: Exclude<AnswerSource, 'fallback'>; pieces: Piece[] }
  | { source: 'fallback'; error: BotllmError };

/**
 * Asks the model to reword a template. It sees words and placeholders, neither markup nor anybody's data.
 * Never rejects.
 */
export async function improveTemplate(
  template: readonly Piece[],
  tone: string | undefined,
  llm: Pick<LlmClient, 'complete'>,
  call: Omit<CompleteOptions, 'onFailure'>,
): Promise<Improvement> {
  try {
    const { source, data, error } = await llm.complete(question(template, tone), {
      ...call,
      onFailure: 'fallback',
    });
    if (source === 'fallback') return { source, error: error ?? asError(undefined) };
    return { source, pieces: unmask(data.text, template) };
  } catch (cause) {
    return { source: 'fallback', error: asError(cause) };
  }
}

/** The task `improve`, for which an answer that moves the markup is none. */
function question(template: readonly Piece[], tone: string | undefined): PromptConfig<ImproveData> {
  const config = improveText({ text: mask(template), tone });
  return {
    ...config,
    accept(answer, facts) {
      const data = config.accept(answer, facts);
      try {
        unmask(data.text, template);
      } catch (cause) {
        throw new BotllmError('INVALID_ANSWER', (cause as Error).message, { cause });
      }
      return data;
    },
  };
}

function asError(cause: unknown): BotllmError {
  if (isBotllmError(cause)) return cause;
  return new BotllmError('INVALID_REQUEST', cause instanceof Error ? cause.message : String(cause), {
    cause,
  });
}
