import type { LlmClient } from '../client/client.js';
import type { ChatMessage, CompletionResult } from '../types.js';
import { chatMessages } from './chat-messages.js';
import { printable } from './style.js';

export interface Answer {
  result: CompletionResult;
  /** Milliseconds until its first piece. */
  firstMs?: number | undefined;
  /** Tokens a second after the first piece; absent for a cached answer, and where the engine counts none. */
  tokensPerSecond?: number | undefined;
}

export interface SessionOptions {
  system?: string | undefined;
  maxTokens?: number | undefined;
  user?: string | undefined;
  cache: boolean;
  /** Milliseconds, for what is said of speed. */
  now?: () => number;
}

/** One conversation: what was said goes with every question. */
export class ChatSession {
  private messages: ChatMessage[] = [];

  constructor(
    private readonly llm: LlmClient,
    private readonly options: SessionOptions,
  ) {
    this.begin(options.system);
  }

  /** As it goes to the model. */
  get prompt(): readonly ChatMessage[] {
    return this.messages;
  }

  /** Something was said before the next question. */
  get isBegun(): boolean {
    return this.messages.some(({ role }) => role !== 'system');
  }

  begin(system = this.options.system): void {
    this.messages = system === undefined ? [] : [{ role: 'system', content: system }];
  }

  /**
   * Asks, and hands over the answer piece by piece. A question whose answer did not come whole is not remembered.
   * @throws BotllmError what ended the answer
   */
  async ask(text: string, onPiece: (piece: string) => void, signal: AbortSignal): Promise<Answer> {
    const { maxTokens, user: userId, cache, now = () => performance.now() } = this.options;
    const asked: ChatMessage[] = [...this.messages, { role: 'user', content: text }];
    const startedAt = now();
    const stream = this.llm.stream(
      { messages: asked, ...(maxTokens === undefined ? {} : { maxTokens }) },
      { signal, cache, ...(userId === undefined ? {} : { userId }) },
    );
    let firstMs: number | undefined;
    for await (const piece of stream) {
      firstMs ??= now() - startedAt;
      onPiece(printable(piece));
    }
    const result = await stream.result();
    this.messages = [...asked, { role: 'assistant', content: result.content }];
    const writingMs = now() - startedAt - (firstMs ?? 0);
    const tokens = result.usage?.outputTokens;
    const isCounted = tokens !== undefined && tokens > 1 && writingMs > 0;
    return {
      result,
      firstMs,
      ...(isCounted ? { tokensPerSecond: ((tokens - 1) / writingMs) * 1_000 } : {}),
    };
  }
}

/** `qwen3-1.7b, from the model, 42 tokens, 18.3 tok/s` */
export function aboutAnswer({ result, firstMs, tokensPerSecond }: Answer, source: string): string {
  return [
    printable(result.model),
    source,
    result.usage && chatMessages.tokens(result.usage.outputTokens),
    tokensPerSecond !== undefined && chatMessages.speed(tokensPerSecond),
    firstMs !== undefined && chatMessages.firstPiece(firstMs),
    result.finishReason === 'length' && chatMessages.cut,
  ]
    .filter((part) => typeof part === 'string')
    .join(', ');
}
