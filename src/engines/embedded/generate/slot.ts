import type { LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';
import type { GrammarModule } from '../load/binding.js';
import type { GenerationRequest, TokenLogprob, TokenName } from './generation.js';
import type { PrefillTurns } from './prefill-turns.js';
import { rawInput, readRawStep, tokenLogprob } from './raw-logprobs.js';
import { MIN_P, pickToken, seededRandom, TOP_K } from './sampling.js';
import type { PooledSlot } from './slot-pool.js';
import type { Work } from './thread-governor.js';
import type { TokenBytes } from './token-bytes.js';

/**
 * Tokens of a prompt that are computed at once: an abort or a newcomer waits for one piece. 128 cost 6 % of
 * prefill speed against whole prompts, 64 cost 15 %.
 */
export const PIECE_TOKENS = 128;

/** Told of the work as it goes. */
export interface SlotWatch {
  /** A piece of so many prompt tokens begins. */
  onPiece: (tokens: number) => void;
  /** Work that began at `startedAt` (`performance.now`) took so long, for prefill per token. */
  onWork: (work: Work, startedAt: number, ms: number) => void;
}

/** What the slots of a model share. */
export interface SlotParts {
  model: LlamaModel;
  binding: GrammarModule;
  turns: PrefillTurns;
  watch: SlotWatch;
  bytesOf: TokenBytes;
}

/** A piece shorter than this is too small to tell a speed from. */
const TELLING_PIECE = 64;

export interface Step {
  token: Token;
  logprob?: TokenLogprob;
}

/** One sequence of the context with what it remembers: works on one request at a time. */
export class Slot implements PooledSlot {
  private begun = false;

  constructor(
    readonly sequence: LlamaContextSequence,
    private readonly parts: SlotParts,
  ) {}

  cachedTokens(): readonly number[] {
    return this.sequence.contextTokens;
  }

  /**
   * Drops what the prompt does not share with the last request.
   * @returns prompt tokens that need not be computed; the last one always is, it gives the first logits
   */
  async align(prompt: readonly Token[]): Promise<number> {
    this.begun = false;
    await this.sequence.adaptStateToTokens(prompt.slice(0, -1), false);
    return this.sequence.nextTokenIndex;
  }

  /** Computes the rest of the prompt and then makes tokens until the reader stops asking. */
  async *steps(request: GenerationRequest): AsyncGenerator<Step, void, void> {
    const lastPiece = await this.prefill(request.prompt, request.signal);
    if (request.topLogprobs !== null && !request.grammar) yield* this.rawSteps(lastPiece, request);
    else yield* this.sampledSteps(lastPiece, request);
  }

  /** All pieces but the last, which is computed together with the first token. */
  private async prefill(prompt: readonly Token[], signal: AbortSignal): Promise<Token[]> {
    for (;;) {
      const left = prompt.slice(this.sequence.nextTokenIndex);
      if (left.length <= PIECE_TOKENS) return left;
      const piece = left.slice(0, PIECE_TOKENS);
      await this.piece(piece.length, signal, () => this.sequence.evaluateWithoutGeneratingNewTokens(piece));
    }
  }

  private async *sampledSteps(
    lastPiece: Token[],
    request: GenerationRequest,
  ): AsyncGenerator<Step, void, void> {
    const { sampling, grammar, signal } = request;
    const tokens = this.sequence.evaluate(lastPiece, {
      temperature: sampling.temperature,
      topP: sampling.topP,
      topK: TOP_K,
      minP: MIN_P,
      seed: sampling.seed,
      yieldEogToken: true,
      ...(grammar === null
        ? {}
        : {
            grammarEvaluationState: new this.parts.binding.LlamaGrammarEvaluationState({
              model: this.parts.model,
              grammar,
            }),
          }),
    });
    try {
      let next = await this.piece(lastPiece.length, signal, () => tokens.next());
      while (!next.done) {
        yield { token: next.value };
        next = await this.decode(() => tokens.next());
      }
    } finally {
      await tokens.return();
    }
  }

  private async *rawSteps(lastPiece: Token[], request: GenerationRequest): AsyncGenerator<Step, void, void> {
    const { sampling, signal } = request;
    const alternatives = request.topLogprobs ?? 0;
    const top = sampling.temperature > 0 ? Math.max(TOP_K, alternatives) : alternatives;
    const random = seededRandom(sampling.seed);
    const evaluate = async (tokens: Token[]) => {
      const last = tokens.length - 1;
      const input = tokens.map((token, i) => (i === last ? rawInput(token, [], top) : token));
      return readRawStep((await this.sequence.controlledEvaluate(input))[last]);
    };
    let step = await this.piece(lastPiece.length, signal, () => evaluate(lastPiece));
    for (;;) {
      const token = pickToken(step.top, sampling, random);
      yield { token, logprob: tokenLogprob(token, step, alternatives, this.nameOf) };
      step = await this.decode(() => evaluate([token]));
    }
  }

  /**
   * The raw probabilities of an answer that a grammar held. In the step itself the binding only knows what the
   * grammar left over, so the same tokens are read once more without it, as a prompt is: in pieces.
   */
  async score(request: GenerationRequest, answer: readonly Token[]): Promise<TokenLogprob[]> {
    if (answer.length === 0) return [];
    const { prompt, signal } = request;
    const alternatives = request.topLogprobs ?? 0;
    await this.sequence.adaptStateToTokens(prompt.slice(0, -1), false);
    // Only a model that cannot step back has to read the prompt again.
    const left = await this.prefill(prompt, signal);
    if (left.length > 1) {
      const rest = left.slice(0, -1);
      await this.piece(rest.length, signal, () => this.sequence.evaluateWithoutGeneratingNewTokens(rest));
    }
    const before = [...prompt.slice(-1), ...answer.slice(0, -1)];
    const scored: TokenLogprob[] = [];
    while (scored.length < answer.length) {
      const from = scored.length;
      const input = before
        .slice(from, from + PIECE_TOKENS)
        .map((token, i) => rawInput(token, answer.slice(from + i, from + i + 1), alternatives));
      const outputs = await this.piece(input.length, signal, () => this.sequence.controlledEvaluate(input));
      for (let i = 0; i < input.length; i++) {
        const token = answer[from + i] as Token;
        scored.push(tokenLogprob(token, readRawStep(outputs[i]), alternatives, this.nameOf));
      }
    }
    return scored;
  }

  private async piece<T>(tokens: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const kind = this.begun ? 'further' : 'first';
    this.begun = true;
    const { turns, watch } = this.parts;
    return await turns.take(kind, tokens, signal, async () => {
      watch.onPiece(tokens);
      const startedAt = performance.now();
      const result = await work();
      const ms = performance.now() - startedAt;
      // One that shared its batch took as long as all of them.
      if (tokens >= TELLING_PIECE && turns.isAlone(tokens)) watch.onWork('prefill', startedAt, ms / tokens);
      return result;
    });
  }

  private async decode<T>(step: () => Promise<T>): Promise<T> {
    const alone = !this.parts.turns.busy;
    const startedAt = performance.now();
    const result = await step();
    // A step that shared its batch with a piece of a prompt took as long as that piece.
    if (alone && !this.parts.turns.busy)
      this.parts.watch.onWork('decode', startedAt, performance.now() - startedAt);
    return result;
  }

  private readonly nameOf = (token: Token): TokenName => {
    const bytes = this.parts.bytesOf(token);
    return {
      text: bytes ? Buffer.from(bytes).toString('utf8') : this.parts.model.detokenize([token], true),
      bytes,
    };
  };
}
