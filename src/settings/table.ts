import { CONTAINER_SETTINGS } from './container-rows.js';
import { GATEWAY_SETTINGS } from './gateway-rows.js';
import { count, duration, flag, httpUrl, redisUrl, text, token } from './kinds.js';
import { row, type SettingRow } from './row.js';

/**
 * The one table of settings: parsing, files, `config show` and README come from it. Durations are milliseconds
 * once parsed.
 */
export const SETTINGS = {
  enabled: row({
    name: 'LLM_ENABLED',
    kind: flag,
    defaultText: 'off for a runtime, on for the CLI',
    meaning: 'An explicit `false` is a kill switch: fallbacks, one event, no call',
    readBy: 'library',
  }),
  baseUrl: row({
    name: 'LLM_BASE_URL',
    kind: httpUrl,
    defaultText: 'the running engine, else http://127.0.0.1:11434',
    meaning: 'The engine, with or without /v1',
    readBy: 'library',
  }),
  model: row({
    name: 'LLM_MODEL',
    kind: text,
    defaultText: 'what the engine serves',
    meaning: 'An alias, the served name or the hub id',
    readBy: 'library',
  }),
  timeoutMs: row({
    name: 'LLM_TIMEOUT',
    kind: duration(1, 600_000),
    defaultText: '30',
    meaning: 'One attempt; in a stream, until its first content',
    readBy: 'library',
  }),
  deadlineMs: row({
    name: 'LLM_DEADLINE',
    kind: duration(1, 3_600_000),
    defaultText: '45',
    meaning: 'The whole call, with its retries and waits',
    readBy: 'library',
  }),
  maxRetries: row({
    name: 'LLM_MAX_RETRIES',
    kind: count(0, 10),
    defaultText: '3',
    meaning: 'Retries after the first attempt; a timeout is retried at most once',
    readBy: 'library',
  }),
  rateLimit: row({
    name: 'LLM_RATE_LIMIT',
    kind: count(0, 10_000),
    defaultText: '10',
    meaning: 'Calls per user in any 60 s; 0 = unlimited',
    readBy: 'library',
  }),
  cacheTtlMs: row({
    name: 'LLM_CACHE_TTL',
    kind: duration(0, 86_400_000),
    defaultText: '900',
    meaning: 'Life of a cached answer; 0 = no cache',
    readBy: 'library',
  }),
  maxPromptChars: row({
    name: 'LLM_MAX_PROMPT_CHARS',
    kind: count(1, 10_000_000),
    defaultText: '8000',
    meaning: 'Longest prompt, in characters; a longer one is refused, never cut',
    readBy: 'library',
  }),
  maxConcurrency: row({
    name: 'LLM_MAX_CONCURRENCY',
    kind: count(1, 1024),
    defaultText: "the engine's slots, else 4",
    meaning: 'Calls in flight to one engine from one process',
    readBy: 'library',
  }),
  apiKey: row({
    name: 'LLM_API_KEY',
    kind: token,
    defaultText: 'none',
    meaning: 'Sent to the engine as a bearer token',
    readBy: 'library',
    secret: true,
  }),
  redisUrl: row({
    name: 'REDIS_URL',
    kind: redisUrl,
    defaultText: 'the Redis that `up` started, else none',
    meaning: 'The Redis that keeps cached answers and limits; none = the embedded store',
    readBy: 'library',
  }),
  home: row({
    name: 'BOTLLM_HOME',
    kind: text,
    defaultText: "the user's data folder",
    meaning:
      "Models, state, logs and the embedded store; llama.cpp itself stays in your own home where a project's file sets it",
    readBy: 'cli',
    path: 'always',
  }),
  port: row({
    name: 'BOTLLM_PORT',
    kind: count(1, 65_535),
    defaultText: '11434',
    meaning: 'The port on 127.0.0.1 that `up` gives the engine; `--port` wins over it',
    readBy: 'engine',
  }),
  llamaServerBin: row({
    name: 'LLAMA_SERVER_BIN',
    kind: text,
    path: 'dotted',
    program: true,
    defaultText: 'the llama-server on PATH, if any',
    meaning:
      "llama.cpp's own server; `up` takes it as its `native` engine. Not from a project's file, nor from `.env`",
    readBy: 'engine',
  }),
  modelId: row({
    name: 'MODEL_ID',
    kind: text,
    defaultText: 'LLM_MODEL, else qwen3-1.7b',
    meaning: 'The model that `up` starts; `--model` wins over it',
    readBy: 'engine',
    path: 'dotted',
  }),
  hfToken: row({
    name: 'HF_TOKEN',
    kind: token,
    defaultText: 'none',
    meaning: 'For gated models; never sent beyond the hub itself',
    readBy: 'engine',
    secret: true,
  }),
  hfEndpoint: row({
    name: 'HF_ENDPOINT',
    kind: httpUrl,
    defaultText: 'https://huggingface.co',
    meaning: 'The model hub or a mirror of it',
    readBy: 'engine',
  }),
  ...CONTAINER_SETTINGS,
  ...GATEWAY_SETTINGS,
} as const;

type Table = typeof SETTINGS;
export type SettingKey = keyof Table;

/** Values of the settings that were given; an absent key means: the default. */
export type Settings = { [K in keyof Table]?: Table[K] extends SettingRow<infer T> ? T : never };

/** The table as a list, for whoever treats every setting alike. */
export const SETTING_ROWS = Object.entries(SETTINGS) as [SettingKey, SettingRow<unknown>][];
