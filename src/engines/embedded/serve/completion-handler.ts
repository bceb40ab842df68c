import { randomInt } from 'node:crypto';
import type { Context } from 'hono';
import { wireMessages } from '../../../openai-http/messages.js';
import type { ChatCompletionRequest, CompletionRequest } from '../../../openai-http/request-schemas.js';
import { sseResponse } from '../../../openai-http/sse.js';
import type { WireEnv } from '../../../openai-http/wire-app.js';
import { invalidRequest, unavailable, WireError } from '../../../openai-http/wire-error.js';
import type { Admitted } from '../generate/engine.js';
import type { GenerationResult, TokenLogprob } from '../generate/generation.js';
import { DEFAULT_SAMPLING } from '../generate/sampling.js';
import type { Log } from '../log.js';
import { engineMessages } from '../messages.js';
import type { EngineMetrics } from './engine-metrics.js';
import { promptTokens } from './prompt-tokens.js';
import type { Serving } from './readiness.js';
import type { ReplyShape } from './reply-shapes.js';

export interface CompletionDeps {
  metrics: EngineMetrics;
  log: Log;
  /** Aborts when the process cannot wait for answers any longer. */
  stopNow: AbortSignal;
}

export interface CompletionAsk {
  serving: Serving;
  prompt: string;
  request: ChatCompletionRequest | CompletionRequest;
  maxTokens: number | undefined;
  /** Null: no probabilities. */
  topLogprobs: number | null;
  dropThought: boolean;
  /** Words that end the answer beside those of the request; none of them in what a grammar holds. */
  ends: readonly string[];
  shape: ReplyShape;
}

/** Runs one completion, plain or streamed. Every refusal comes before the first byte of a stream. */
export async function answerCompletion(
  c: Context<WireEnv>,
  ask: CompletionAsk,
  deps: CompletionDeps,
): Promise<Response> {
  const { serving, request, shape } = ask;
  const { engine, loaded, grammars } = serving;
  const gone = c.get('gone');
  const signal = eitherAborts(c, gone, deps.stopNow);
  const grammar = await grammars.for(request.response_format);
  if (grammar && request.stream && ask.topLogprobs !== null) {
    throw invalidRequest(wireMessages.logprobsInStreamWithGrammar, 'logprobs');
  }
  const prompt = await promptTokens(loaded.model, ask.prompt, engine.contextTokens, signal);
  if ('tooMany' in prompt) {
    engine.checkFits(prompt.tooMany);
    throw new Error('a prompt that was too long fits after all');
  }
  const admitted = engine.admit({
    prompt: prompt.tokens,
    maxTokens: ask.maxTokens,
    sampling: {
      temperature: request.temperature ?? DEFAULT_SAMPLING.temperature,
      topP: request.top_p ?? DEFAULT_SAMPLING.topP,
      seed: request.seed == null ? randomInt(2 ** 32) : Math.abs(request.seed) % 2 ** 32,
    },
    grammar,
    stops: [...[request.stop ?? []].flat(), ...(grammar ? [] : ask.ends)],
    dropThought: ask.dropThought,
    topLogprobs: ask.topLogprobs,
    signal,
  });
  const requestId = c.get('requestId');
  const finished = (result: GenerationResult) => {
    deps.metrics.finished(result.timings);
    deps.log('info', 'request', {
      requestId,
      path: c.req.path,
      finish: result.finishReason,
      ...result.timings,
    });
  };
  const failed = (error: unknown): WireError => refusalOf(error, gone, requestId, deps);

  if (!request.stream) return await plainReply(c, ask, admitted, finished, failed);
  const withUsage = request.stream_options?.include_usage === true;
  return sseResponse(async (writer) => {
    try {
      const result = await admitted.run((part) => writer.send(shape.chunk(part)));
      finished(result);
      writer.send(shape.lastChunk(result));
      if (withUsage) writer.send(shape.usageChunk(result));
      writer.done();
    } catch (error) {
      writer.send(failed(error).body());
    }
  });
}

/** Not `AbortSignal.any`: in Node 20 what it makes from a signal that lives as long as the process is never freed. */
function eitherAborts(c: Context<WireEnv>, gone: AbortSignal, stopNow: AbortSignal): AbortSignal {
  const either = new AbortController();
  const abort = () => either.abort();
  if (gone.aborted || stopNow.aborted) abort();
  gone.addEventListener('abort', abort, { once: true });
  stopNow.addEventListener('abort', abort, { once: true });
  c.env.outgoing.once('close', () => stopNow.removeEventListener('abort', abort));
  return either.signal;
}

async function plainReply(
  c: Context<WireEnv>,
  { shape, topLogprobs }: CompletionAsk,
  admitted: Admitted,
  finished: (result: GenerationResult) => void,
  failed: (error: unknown) => WireError,
): Promise<Response> {
  let text = '';
  const logprobs: TokenLogprob[] = [];
  try {
    const result = await admitted.run((part) => {
      text += part.text;
      logprobs.push(...part.logprobs);
    });
    finished(result);
    return c.json(shape.reply(text, topLogprobs === null ? null : logprobs, result));
  } catch (error) {
    throw failed(error);
  }
}

function refusalOf(error: unknown, gone: AbortSignal, requestId: string, deps: CompletionDeps): WireError {
  if (error instanceof WireError) return error;
  if (gone.aborted) {
    deps.log('info', 'client_gone', { requestId });
    return new WireError(499, 'invalid_request_error', engineMessages.clientGone);
  }
  if (deps.stopNow.aborted) return unavailable(engineMessages.stopping, 5);
  deps.log('error', 'generation_failed', {
    requestId,
    reason: error instanceof Error ? error.message : 'unknown',
  });
  return new WireError(500, 'server_error', engineMessages.generationFailed, { cause: error });
}
