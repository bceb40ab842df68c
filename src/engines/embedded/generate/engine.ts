import type { LlamaContext, LlamaModel, Token } from 'node-llama-cpp';
import { invalidRequest, unavailable, WireError } from '../../../openai-http/wire-error.js';
import type { GrammarModule } from '../load/binding.js';
import { engineMessages } from '../messages.js';
import { AnswerText } from './answer-text.js';
import type { AnswerPart, GenerationRequest, GenerationResult, TokenLogprob } from './generation.js';
import { PrefillTurns } from './prefill-turns.js';
import { PIECE_TOKENS, Slot, type SlotWatch } from './slot.js';
import { QueueFullError, SlotPool } from './slot-pool.js';
import type { TokenBytes } from './token-bytes.js';

/** Seconds after which a refused client may come again; a short answer takes about that. */
const RETRY_SECONDS = 2;

export interface EngineOptions {
  binding: GrammarModule;
  model: LlamaModel;
  context: LlamaContext;
  /** Tokens that one request may use; at most what the context was made with. */
  contextTokens: number;
  slots: number;
  queueLimit?: number;
  watch: SlotWatch;
  bytesOf: TokenBytes;
  /** A slot that failed could not be replaced: nothing is known about the context any more. */
  onBroken: (error: unknown) => void;
}

/** A request that was admitted: it runs, or waits for a slot. */
export interface Admitted {
  run: (onPart: (part: AnswerPart) => void) => Promise<GenerationResult>;
}

/** Several requests at a time over one model: admission, slots, prefill in turns, decoding together. */
export class Engine {
  readonly contextTokens: number;
  readonly slots: number;
  private readonly pool: SlotPool<Slot>;
  private readonly turns = new PrefillTurns(PIECE_TOKENS);

  constructor(private readonly options: EngineOptions) {
    this.contextTokens = options.contextTokens;
    this.slots = options.slots;
    // Sequences are made once and kept: giving one back takes effect only later, and meanwhile there is none.
    const slots = Array.from({ length: options.slots }, () => this.newSlot());
    this.pool = new SlotPool(slots, options.queueLimit);
  }

  get busy(): number {
    return this.pool.busy;
  }

  get queued(): number {
    return this.pool.queued;
  }

  /**
   * Takes a request in or refuses it, at once.
   * @throws WireError 400 when the prompt does not fit the context, 503 when the queue is full
   */
  admit(request: GenerationRequest): Admitted {
    this.checkFits(request.prompt.length);
    try {
      const slot = this.pool.acquire(request.prompt, request.signal);
      return { run: async (onPart) => await this.run(await slot, request, onPart) };
    } catch (error) {
      if (error instanceof QueueFullError)
        throw unavailable(engineMessages.queueFull(error.queued), RETRY_SECONDS);
      throw error;
    }
  }

  /** @throws WireError 400 in llama-server's words, with both numbers */
  checkFits(promptTokens: number): void {
    if (promptTokens === 0) throw invalidRequest(engineMessages.emptyPrompt);
    if (promptTokens < this.contextTokens) return;
    throw new WireError(
      400,
      'exceed_context_size_error',
      engineMessages.contextExceeded(promptTokens, this.contextTokens),
      { extra: { n_prompt_tokens: promptTokens, n_ctx: this.contextTokens } },
    );
  }

  private async run(
    slot: Slot,
    request: GenerationRequest,
    onPart: (part: AnswerPart) => void,
  ): Promise<GenerationResult> {
    let replacement = slot;
    try {
      return await this.generate(slot, request, onPart);
    } catch (error) {
      if (!request.signal.aborted) replacement = await this.replace(slot, error);
      throw error;
    } finally {
      this.pool.release(slot, replacement);
    }
  }

  private async generate(
    slot: Slot,
    request: GenerationRequest,
    onPart: (part: AnswerPart) => void,
  ): Promise<GenerationResult> {
    const { model } = this.options;
    const { prompt, signal, grammar } = request;
    const answer = new AnswerText({
      detokenize: (tokens, before) => model.detokenize(tokens as Token[], false, before as Token[]),
      stops: request.stops,
      json: grammar !== null,
      dropThought: request.dropThought && grammar === null,
    });
    // No context shift, ever: an engine that forgets the beginning of a prompt gives answers to another one.
    const limit = Math.min(request.maxTokens ?? Number.POSITIVE_INFINITY, this.contextTokens - prompt.length);

    const startedAt = performance.now();
    const cachedTokens = await slot.align(prompt);
    let firstAt = startedAt;
    let made = 0;
    let finishReason: 'stop' | 'length' = 'length';
    const tokens: Token[] = [];
    let held: TokenLogprob[] = [];
    let last = false;
    const show = (text: string) => {
      if (text === '' && (answer.ended || held.length === 0 || !last)) return;
      const logprobs = answer.ended ? shownOnly(held, text) : held;
      held = [];
      onPart({ text, logprobs });
    };
    for await (const step of slot.steps(request)) {
      signal.throwIfAborted();
      made += 1;
      if (made === 1) firstAt = performance.now();
      if (model.isEogToken(step.token)) {
        finishReason = 'stop';
        break;
      }
      tokens.push(step.token);
      if (step.logprob) held.push(step.logprob);
      show(answer.push(step.token));
      if (answer.ended) {
        finishReason = 'stop';
        break;
      }
      if (made >= limit) break;
    }
    // Tokens that gave no whole character still have a probability to tell.
    last = true;
    show(answer.end());
    const endedAt = performance.now();
    if (grammar && request.topLogprobs !== null) {
      onPart({ text: '', logprobs: await slot.score(request, tokens) });
    }
    return {
      finishReason,
      timings: {
        cachedTokens,
        promptTokens: prompt.length - cachedTokens,
        promptMs: firstAt - startedAt,
        predictedTokens: made,
        predictedMs: endedAt - firstAt,
      },
    };
  }

  /** After an error inside llama.cpp the sequence's state is unknown, so another one takes its place. */
  private async replace(slot: Slot, cause: unknown): Promise<Slot> {
    try {
      await slot.sequence.dispose();
      return this.newSlot();
    } catch (error) {
      this.options.onBroken(new AggregateError([cause, error], 'a slot could not be replaced'));
      return slot;
    }
  }

  private newSlot(): Slot {
    const { context, model, binding, watch, bytesOf } = this.options;
    return new Slot(context.getSequence(), { model, binding, turns: this.turns, watch, bytesOf });
  }
}

/** The tokens that the last shown text came from; what a stop string cut off is not shown here either. */
function shownOnly(held: readonly TokenLogprob[], text: string): TokenLogprob[] {
  let length = 0;
  return held.filter((entry) => {
    const begins = length;
    length += entry.text.length;
    return begins < text.length;
  });
}
