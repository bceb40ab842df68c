import type { Registry } from 'prom-client';
import { BotllmError } from '../errors.js';
import type { EventSink } from '../observability/events.js';
import { defaultHome, homeLayout } from '../settings/home.js';
import type { SettingRow } from '../settings/row.js';
import { runningEndpoint } from '../settings/running-engine.js';
import { SETTINGS } from '../settings/table.js';
import type { Store } from '../stores/contract.js';
import { parseRedisUrl } from '../stores/redis/address.js';
import type { Clock } from './clock.js';
import type { DialectName } from './dialects/contract.js';
import { MESSAGES } from './messages.js';
import type { Transport } from './transport/contract.js';

/** What a task does when the model cannot help: give its documented stand-in, or throw the typed error. */
export type OnFailure = 'fallback' | 'throw';

/**
 * Everything that a client needs, by argument; `settingsFromEnv(env)` gives the first part of it. All times are
 * milliseconds. What is absent has the default of the settings table.
 */
export interface LlmClientOptions {
  /** False is a kill switch: tasks fall back, other calls throw `DISABLED`, nothing is sent. Default true. */
  enabled?: boolean | undefined;
  /**
   * The engine, with or without `/v1`. Default: where `botllm up` started one under `home` (looked up once,
   * here), else http://127.0.0.1:11434.
   */
  baseUrl?: string | undefined;
  /** The model's name in requests, cache keys and metrics. Default: what the engine serves. */
  model?: string | undefined;
  /** One attempt, body included; in a stream until its first content. Default 30,000. */
  timeoutMs?: number | undefined;
  /** In a stream, the longest pause between two pieces of content. Default 10,000. */
  streamIdleMs?: number | undefined;
  /** The whole call with its retries and waits. Default 45,000. */
  deadlineMs?: number | undefined;
  /** Retries after the first attempt, for what can heal; a timeout is retried at most once. Default 3. */
  maxRetries?: number | undefined;
  /** Calls per user in any 60 s; 0: unlimited. Default 10. A call without `userId` is not limited. */
  rateLimit?: number | undefined;
  /** Life of a cached answer; 0: no cache. Default 900,000. */
  cacheTtlMs?: number | undefined;
  /** Longest prompt in characters, the task's own texts included. Default 8,000. */
  maxPromptChars?: number | undefined;
  /** Calls in flight to the engine. Default: the engine's slots, else 4. */
  maxConcurrency?: number | undefined;
  /**
   * Calls that may wait for a place; one more is `OVERLOADED`. Default 128. What is not `batch` is turned away
   * sooner, when it would wait for more than about four average calls, under a lasting overload for a third of one.
   */
  maxQueued?: number | undefined;
  /** Sent to the engine as a bearer token. */
  apiKey?: string | undefined;
  /** Folder of botllm's data; the embedded store lies in it. Default: the user's data folder. */
  home?: string | undefined;
  /** The bot or tenant: answers and quotas of different scopes never meet. Default `-`. */
  scope?: string | undefined;
  /** A Redis for answers and quotas, `redis://[user:password@]host[:port][/db]`; `none`: no Redis. Default `none`. */
  redisUrl?: string | undefined;
  /**
   * Where answers and quotas are kept, whatever `redisUrl` says. A store that is given is not closed by the client.
   * Default: the Redis of `redisUrl`, else `embedded`.
   */
  store?: 'embedded' | 'memory' | Store | undefined;
  /** The engine's family. Default `auto`: asked once on first use, in at most 1 s. */
  dialect?: 'auto' | DialectName | undefined;
  /** False: never ask the engine about itself. Default true. */
  detect?: boolean | undefined;
  /** For tasks. Default `fallback`. */
  onFailure?: OnFailure | undefined;
  /** Gets every event as it happens. */
  onEvent?: EventSink | undefined;
  /** A prom-client registry for the client's metrics. Default: one of its own; never the global one. */
  registry?: Registry | undefined;
  /**
   * The way to the engine: HTTP by undici, or by the `openai` package (the same, half a millisecond slower a call), or
   * one of your own, which the client closes. Default `undici`.
   */
  transport?: 'undici' | 'openai' | Transport | undefined;
  clock?: Clock | undefined;
  /** 0 to 1, for jitter. */
  random?: (() => number) | undefined;
}

/** The options, checked and complete. */
export interface ClientConfig {
  enabled: boolean;
  /** The engine's root: no `/v1`, no slash at the end. */
  root: string;
  model: string | undefined;
  timeoutMs: number;
  streamIdleMs: number;
  deadlineMs: number;
  maxRetries: number;
  rateLimit: number;
  cacheTtlMs: number;
  maxPromptChars: number;
  maxConcurrency: number | undefined;
  maxQueued: number;
  apiKey: string | undefined;
  scope: string;
  onFailure: OnFailure;
}

const DEFAULT_ROOT = 'http://127.0.0.1:11434';

/** @throws BotllmError `BAD_CONFIG`, naming the option and its range */
export function resolveOptions(options: LlmClientOptions): ClientConfig {
  // Here and not with the first call, whose store would then be away.
  if (options.redisUrl !== undefined && options.redisUrl !== 'none') parseRedisUrl(options.redisUrl);
  return {
    enabled: options.enabled ?? true,
    root: rootOf(options.baseUrl ?? runningRoot(options.home) ?? DEFAULT_ROOT),
    model: options.model === '' ? undefined : options.model,
    timeoutMs: atLeast('timeoutMs', options.timeoutMs ?? defaultOf(SETTINGS.timeoutMs), 1),
    streamIdleMs: atLeast('streamIdleMs', options.streamIdleMs ?? 10_000, 1),
    deadlineMs: atLeast('deadlineMs', options.deadlineMs ?? defaultOf(SETTINGS.deadlineMs), 1),
    maxRetries: atLeast('maxRetries', options.maxRetries ?? defaultOf(SETTINGS.maxRetries), 0),
    rateLimit: atLeast('rateLimit', options.rateLimit ?? defaultOf(SETTINGS.rateLimit), 0),
    cacheTtlMs: atLeast('cacheTtlMs', options.cacheTtlMs ?? defaultOf(SETTINGS.cacheTtlMs), 0),
    maxPromptChars: atLeast(
      'maxPromptChars',
      options.maxPromptChars ?? defaultOf(SETTINGS.maxPromptChars),
      1,
    ),
    maxConcurrency:
      options.maxConcurrency === undefined ? undefined : atLeast('maxConcurrency', options.maxConcurrency, 1),
    maxQueued: atLeast('maxQueued', options.maxQueued ?? 128, 0),
    apiKey: options.apiKey,
    scope: options.scope ?? '-',
    onFailure: options.onFailure ?? 'fallback',
  };
}

/** The settings table is the one place where defaults stand. */
function defaultOf(row: SettingRow<number>): number {
  const value = row.kind.parse(row.defaultText);
  if (value === undefined) throw new BotllmError('INTERNAL', `${row.name}: ${row.defaultText}`);
  return value;
}

export function atLeast(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new BotllmError('BAD_CONFIG', MESSAGES.badNumber(name, `a whole number from ${least}`));
}

/** The engine that `botllm up` started under this home: it may listen on any port. */
function runningRoot(home: string | undefined): string | undefined {
  return runningEndpoint(homeLayout(home ?? defaultHome()));
}

function rootOf(baseUrl: string): string {
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    throw new BotllmError('BAD_CONFIG', MESSAGES.badNumber('baseUrl', 'an http:// or https:// address'));
  }
  return baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '');
}
