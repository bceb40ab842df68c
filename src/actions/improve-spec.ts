import type { LlmClient } from '../client/client.js';
import { type BotllmError, type ErrorCode, isBotllmError } from '../errors.js';
import { improveTemplate } from './improve-template.js';
import { readTemplate, writeTemplate } from './markup.js';
import { syntaxOf } from './parse-modes.js';
import type { SpecMessage } from './spec.js';

/** What became of one message. */
export interface SpecResult {
  message: SpecMessage;
  /** The new text; absent: the message stays as it is. */
  text?: string;
  /** Why it stays, where the model or an answer is the reason. */
  error?: BotllmError;
  /** Taken from an earlier run. */
  remembered: boolean;
}

export interface ImproveSpecOptions {
  llm: Pick<LlmClient, 'complete'>;
  signal: AbortSignal;
  tone: string | undefined;
  /** Messages at once. */
  concurrency: number;
  /** What an earlier run got for a message. */
  remembered: (message: SpecMessage) => string | undefined;
  onResult: (result: SpecResult) => void;
}

/** After these every further message would fail the same way. */
const FATAL: readonly ErrorCode[] = [
  'DISABLED',
  'ABORTED',
  'BREAKER_OPEN',
  'CLIENT_CLOSED',
  'ENGINE_UNREACHABLE',
  'MODEL_NOT_SERVED',
  'UNAUTHORIZED',
];

/**
 * Improves the messages of a specification, a few at a time, in the class `improve`: users who wait go first.
 * A message whose answer is not taken stays as it is.
 * @throws BotllmError when the model cannot be asked at all; what is done by then was told to `onResult`
 */
export async function improveSpec(
  messages: readonly SpecMessage[],
  { llm, signal, tone, concurrency, remembered, onResult }: ImproveSpecOptions,
): Promise<void> {
  const queue = messages.values();
  let fatal: unknown;
  const improveOne = async (message: SpecMessage): Promise<SpecResult> => {
    const known = remembered(message);
    if (known !== undefined) return { message, text: known, remembered: true };
    const syntax = syntaxOf(message.parseMode);
    const template = readTemplate(message.text, syntax);
    const options = { signal, priority: 'improve' } as const;
    const improved = await improveTemplate(template, tone ?? message.tone, llm, options);
    if (improved.source === 'fallback') return { message, error: improved.error, remembered: false };
    return { message, text: writeTemplate(improved.pieces, syntax), remembered: false };
  };
  const worker = async () => {
    for (const message of queue) {
      if (fatal !== undefined) return;
      const result = await improveOne(message);
      if (FATAL.some((code) => isBotllmError(result.error, code))) fatal ??= result.error;
      else onResult(result);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (fatal !== undefined) throw fatal;
}
