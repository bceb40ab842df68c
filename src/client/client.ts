import type { PromptConfig } from '../prompts/prompt-config.js';
import { CACHE_PREFIX } from '../stores/keys.js';
import type { CompletionResult } from '../types.js';
import type { Kit } from './kit.js';
import { type EngineLook, lookAtEngine } from './look.js';
import { type CallOptions, type OpenCall, openCall } from './open-call.js';
import type { LlmClientOptions, OnFailure } from './options.js';
import { runPipeline } from './pipeline.js';
import { type ChatRequest, fromChat, fromConfig, fromPrompt, type PromptRequest } from './requests.js';
import { asCallError, fallbackResult, resultOf } from './result.js';
import { type LlmStream, openStream } from './streaming.js';
import { acceptText, type Judge, judgeOf } from './validate.js';
import { wireClient } from './wire-client.js';

export interface CompleteOptions extends CallOptions {
  /** `fallback`: the task always resolves; `throw`: it rejects with the typed error. */
  onFailure?: OnFailure | undefined;
}

export interface CloseOptions {
  /** How long calls in flight may go on, in milliseconds; 0 ends them now. Default 4,000. */
  drainMs?: number | undefined;
}

const DRAIN_MS = 4000;

/** One guarded way to one engine. Keep one for the life of a process, and close it at the end. */
export interface LlmClient {
  /**
   * Asks what a prompt config asks. A task with a fallback always resolves: when the model cannot be asked or
   * answers nonsense, `source` is `fallback` and `error` holds the typed error.
   * @throws BotllmError with `onFailure: 'throw'`, or for a config without a fallback
   */
  complete<T>(config: PromptConfig<T>, options?: CompleteOptions): Promise<CompletionResult<T>>;
  /**
   * Chat as it is. Equal requests within the cache's life get the same answer; `cache: false` asks anew.
   * @throws BotllmError
   */
  chat(request: ChatRequest, options?: CallOptions): Promise<CompletionResult>;
  /** Continues a text as it is. @throws BotllmError */
  completePrompt(request: PromptRequest, options?: CallOptions): Promise<CompletionResult>;
  /**
   * Chat, piece by piece: iterate it for the text, then `await stream.result()`. The deadline covers the
   * reading, too.
   * Throws BotllmError while iterating; a stream that breaks off never ends as if it were whole.
   */
  stream(request: ChatRequest, options?: CallOptions): LlmStream;
  /** Continues a text, piece by piece, like `stream`. */
  streamPrompt(request: PromptRequest, options?: CallOptions): LlmStream;
  /** Loads what the first call would, and asks the engine about itself. Makes no token, never fails. */
  warmup(): Promise<void>;
  /** How the engine is now, and its model. Makes no token, takes at most a second, fails only when closed. */
  look(): Promise<EngineLook>;
  /** The client's metrics for Prometheus (text format 0.0.4). */
  metricsText(): Promise<string>;
  /**
   * Takes no new calls (`CLIENT_CLOSED`), lets those in flight finish, ends with `CLIENT_CLOSED` what is left
   * after `drainMs`, finishes what is being written, lets everything go. Tasks with a fallback fall back then.
   * With the default of 4,000 ms all of it is over in less than 5 s; a process manager's SIGTERM gives more.
   */
  close(options?: CloseOptions): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a client. Nothing is loaded, opened or asked before the first call.
 * @example
 * const llm = createLlmClient({ ...settingsFromEnv(process.env), scope: 'my-bot' });
 * @throws BotllmError `BAD_CONFIG`, naming the option and its range
 */
export function createLlmClient(options: LlmClientOptions = {}): LlmClient {
  const parts = wireClient(options);
  const { kit } = parts;
  const close = ({ drainMs = DRAIN_MS }: CloseOptions = {}) => parts.close(drainMs);
  return {
    async complete<T>(config: PromptConfig<T>, given: CompleteOptions = {}) {
      const fallback = (given.onFailure ?? kit.config.onFailure) === 'fallback' ? config.fallback : undefined;
      const shape = { type: 'chat_completion', task: config.id, promptVersion: config.version } as const;
      const open = openCall(parts, fromConfig(config), shape, given);
      const result = await run(kit, open, judgeOf(config), fallback && (() => fallback.call(config)));
      if (config.event && result.source !== 'fallback') {
        const { latencyMs, cached } = result;
        kit.telemetry.tell(open.call, { event: config.event, latencyMs, cached });
      }
      return result;
    },
    async chat(request, given = {}) {
      const shape = { type: 'chat_completion', task: 'chat', promptVersion: 0 } as const;
      return run(kit, openCall(parts, fromChat(request), shape, given), acceptText);
    },
    async completePrompt(request, given = {}) {
      const shape = { type: 'completion', task: 'completion', promptVersion: 0 } as const;
      return run(kit, openCall(parts, fromPrompt(request), shape, given), acceptText);
    },
    stream(request, given = {}) {
      const shape = { type: 'chat_completion', task: 'chat', promptVersion: 0 } as const;
      return openStream(kit, () => openCall(parts, fromChat(request), shape, given));
    },
    streamPrompt(request, given = {}) {
      const shape = { type: 'completion', task: 'completion', promptVersion: 0 } as const;
      return openStream(kit, () => openCall(parts, fromPrompt(request), shape, given));
    },
    async warmup() {
      const signal = parts.lifetime.signal();
      // A store opens with its first question; no answer has this key.
      const store = kit.store().then((made) => made.cacheGet(`${CACHE_PREFIX}-:warmup:-:-`));
      await Promise.allSettled([kit.transport(), store, kit.detector.facts(signal)]);
    },
    look: () => lookAtEngine(kit, parts.lifetime.signal()),
    metricsText: () => kit.telemetry.expose(),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

async function run<T>(
  kit: Kit,
  { call, end }: OpenCall,
  judge: Judge<T>,
  fallback?: () => T,
): Promise<CompletionResult<T>> {
  try {
    const outcome = await runPipeline(kit, call, judge);
    kit.telemetry.success(call, {
      cachedAgeMs: outcome.ageMs,
      usage: outcome.own ? outcome.usage : undefined,
    });
    return resultOf(kit, call, outcome);
  } catch (cause) {
    const error = asCallError(cause, call);
    kit.telemetry.failure(call, error, fallback !== undefined);
    if (!fallback) throw error;
    return fallbackResult(kit, call, fallback(), error);
  } finally {
    end();
  }
}
