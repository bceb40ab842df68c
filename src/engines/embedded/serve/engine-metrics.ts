import { Counter, Gauge, Registry } from 'prom-client';
import type { Timings } from '../generate/generation.js';

/** llama-server's names where it has one, so that one dashboard reads both. */
export class EngineMetrics {
  readonly registry = new Registry();
  private readonly promptTokens = this.counter('llamacpp:prompt_tokens_total', 'Prompt tokens computed.');
  private readonly promptSeconds = this.counter('llamacpp:prompt_seconds_total', 'Seconds spent on prompts.');
  private readonly predictedTokens = this.counter('llamacpp:tokens_predicted_total', 'Tokens made.');
  private readonly predictedSeconds = this.counter(
    'llamacpp:tokens_predicted_seconds_total',
    'Seconds spent making tokens.',
  );
  private readonly cachedTokens = this.counter(
    'botllm_engine_prompt_tokens_cached_total',
    'Prompt tokens taken from a slot instead of computed.',
  );
  private readonly pieces = this.counter(
    'botllm_engine_prefill_pieces_total',
    'Pieces of at most 128 tokens that prompts were computed in.',
  );
  private readonly pieceTokens = this.counter(
    'botllm_engine_prefill_piece_tokens_total',
    'Tokens of those pieces, unfinished prompts included.',
  );

  constructor(load: () => { busy: number; queued: number }) {
    this.gauge('llamacpp:requests_processing', 'Requests in a slot.', () => load().busy);
    this.gauge('llamacpp:requests_deferred', 'Requests waiting for a slot.', () => load().queued);
  }

  piece(tokens: number): void {
    this.pieces.inc();
    this.pieceTokens.inc(tokens);
  }

  finished(timings: Timings): void {
    this.promptTokens.inc(timings.promptTokens);
    this.promptSeconds.inc(timings.promptMs / 1000);
    this.predictedTokens.inc(timings.predictedTokens);
    this.predictedSeconds.inc(timings.predictedMs / 1000);
    this.cachedTokens.inc(timings.cachedTokens);
  }

  private counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
  }

  private gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
