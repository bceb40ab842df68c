import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/client/canonical-json.js';
import { type CompleteOptions, createLlmClient, type LlmClient } from '../../src/client/client.js';
import { DIALECTS } from '../../src/client/dialects/list.js';
import type { CallOptions } from '../../src/client/open-call.js';
import type { LlmClientOptions } from '../../src/client/options.js';
import type { ChatRequest, PromptRequest, Sampling } from '../../src/client/requests.js';
import type { Transport } from '../../src/client/transport/contract.js';
import type { PromptConfig } from '../../src/prompts/prompt-config.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { intent } from './setup.js';

/** Other values for every field of a type: a field that is new has no value here, and does not compile. */
type Others<T> = { [K in keyof Required<T>]: T[K] };

const SAMPLING: Others<Sampling> = {
  maxTokens: 7,
  temperature: 1,
  topP: 0.5,
  seed: 1,
  stop: ['x'],
  extra: { top_k: 1 },
};
const CHAT: Others<ChatRequest> = {
  ...SAMPLING,
  messages: [{ role: 'user', content: 'ho' }],
  thinking: true,
  structured: { name: 'other', schema: { type: 'object' } },
};
const PROMPT: Others<PromptRequest> = { ...SAMPLING, prompt: 'ho' };
const CONFIG: Others<Omit<PromptConfig<unknown>, keyof typeof NOT_IN_A_CONFIGS_KEY>> = {
  id: 'other',
  version: 99,
  messages: [{ role: 'user', content: 'ho' }],
  schema: { type: 'object' },
  maxTokens: 7,
  temperature: 1,
  label: { property: 'intent', labels: ['other'] },
};
const CLIENT = { model: 'other', scope: 'other' } satisfies LlmClientOptions;

/** What is left out of the key, and all of it: these three lists are the deny-list. */
const NOT_IN_A_CALLS_KEY: Others<Omit<CompleteOptions, 'cache' | 'scope'>> = {
  userId: 'u',
  signal: new AbortController().signal,
  deadlineMs: 7000,
  limit: false,
  priority: 'batch',
  requestId: 'r',
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  onQuota: () => {},
  onFailure: 'throw',
};
/** How an answer is judged is bound to the version; a kept answer is judged anew. */
const NOT_IN_A_CONFIGS_KEY = {
  event: 'llm_text_improved',
  accept: () => ({}),
  fallback: () => ({}),
} satisfies Partial<PromptConfig<unknown>>;
const NOT_IN_A_CLIENTS_KEY: Others<Omit<LlmClientOptions, keyof typeof CLIENT | keyof typeof NEVER_ASKED>> = {
  enabled: true,
  // Which engine serves a model does not matter: `try`, runtime and gateway share their answers.
  baseUrl: 'http://127.0.0.1:1',
  dialect: 'tgi',
  detect: false,
  apiKey: 'k',
  timeoutMs: 7000,
  streamIdleMs: 7000,
  deadlineMs: 7000,
  maxRetries: 0,
  rateLimit: 7,
  cacheTtlMs: 7000,
  maxPromptChars: 7000,
  maxConcurrency: 7,
  maxQueued: 7,
  home: '/nowhere',
  onFailure: 'throw',
  onEvent: () => {},
  registry: undefined,
  clock: undefined,
  random: () => 0,
};
/** Options that this test needs for itself. */
const NEVER_ASKED = { store: undefined, transport: undefined, redisUrl: undefined };

const chat: ChatRequest = { messages: [{ role: 'user', content: 'hi' }] };
const prompt: PromptRequest = { prompt: 'hi' };
const config: PromptConfig<unknown> = intent('hi');

/** The key that a call looks up, and the body that it would send. */
async function asked(call: (llm: LlmClient) => Promise<unknown>, options: LlmClientOptions = {}) {
  let key = '';
  let body: unknown;
  const memory = createMemoryStore();
  const store = {
    ...memory,
    cacheGet: async (looked: string) => {
      key = looked;
      return null;
    },
  };
  const transport: Transport = {
    send: async (request) => {
      body = request.body;
      return { status: 400, header: () => null, body: '' };
    },
    stream: () => Promise.reject(new Error('no stream here')),
    close: async () => {},
  };
  const llm = createLlmClient({ model: 'm', detect: false, ...options, store, transport });
  await call(llm).catch(() => {});
  await llm.close();
  return { key, body };
}

describe('the key of a kept answer', () => {
  const key = async (...call: Parameters<typeof asked>) => (await asked(...call)).key;
  const bases = {
    chat: () => key((llm) => llm.chat(chat)),
    prompt: () => key((llm) => llm.completePrompt(prompt)),
    config: () => key((llm) => llm.complete(config)),
  };

  it.each(Object.keys(CHAT))('changes with %s of a chat', async (field) => {
    const other = { ...chat, [field]: CHAT[field as keyof ChatRequest] };
    expect(await key((llm) => llm.chat(other))).not.toBe(await bases.chat());
  });

  it.each(Object.keys(PROMPT))('changes with %s of a prompt', async (field) => {
    const other = { ...prompt, [field]: PROMPT[field as keyof PromptRequest] };
    expect(await key((llm) => llm.completePrompt(other))).not.toBe(await bases.prompt());
  });

  it.each(Object.keys(CONFIG))('changes with %s of a prompt config', async (field) => {
    const other = { ...config, [field]: CONFIG[field as keyof typeof CONFIG] };
    expect(await key((llm) => llm.complete(other))).not.toBe(await bases.config());
  });

  it.each(Object.keys(CLIENT))('changes with %s of the client', async (field) => {
    const other = { [field]: CLIENT[field as keyof typeof CLIENT] };
    expect(await key((llm) => llm.chat(chat), other)).not.toBe(await bases.chat());
  });

  it('changes with the scope of a call, which stands for the client’s', async () => {
    const other = await key((llm) => llm.chat(chat, { scope: 'other' }));
    expect(other).not.toBe(await bases.chat());
    expect(other).toBe(await key((llm) => llm.chat(chat), { scope: 'other' }));
  });

  it.each(Object.keys(NOT_IN_A_CALLS_KEY))('is the same whatever %s of a call is', async (field) => {
    const other: CallOptions = { [field]: NOT_IN_A_CALLS_KEY[field as keyof typeof NOT_IN_A_CALLS_KEY] };
    expect(await key((llm) => llm.chat(chat, other))).toBe(await bases.chat());
  });

  it.each(Object.keys(NOT_IN_A_CONFIGS_KEY))(
    'is the same whatever %s of a prompt config is',
    async (field) => {
      const value = NOT_IN_A_CONFIGS_KEY[field as keyof typeof NOT_IN_A_CONFIGS_KEY];
      expect(await key((llm) => llm.complete({ ...config, [field]: value }))).toBe(await bases.config());
    },
  );

  it.each(Object.keys(NOT_IN_A_CLIENTS_KEY))('is the same whatever %s of the client is', async (field) => {
    const other = { [field]: NOT_IN_A_CLIENTS_KEY[field as keyof typeof NOT_IN_A_CLIENTS_KEY] };
    expect(await key((llm) => llm.chat(chat), other)).toBe(await bases.chat());
  });

  it('is the same in whatever order the fields were written', async () => {
    const turn = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turn);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, inner]) => [name, turn(inner)]),
      );
    };
    expect(await key((llm) => llm.chat(turn(CHAT) as ChatRequest))).toBe(await key((llm) => llm.chat(CHAT)));
    const turned = { ...(turn(config) as typeof config), accept: config.accept };
    expect(await key((llm) => llm.complete(turned))).toBe(await bases.config());
  });

  it('of a chat, a prompt and a task are three', async () => {
    expect(new Set(await Promise.all(Object.values(bases).map((base) => base()))).size).toBe(3);
  });
});

describe('two requests that an engine could tell apart', () => {
  /** What a program may put into `extra`: what JSON.stringify makes of it is what the engine gets. */
  const odd = fc.constantFrom<unknown>(
    ...[null, undefined, 0, -0, 1, '1', '', 'null', Number.NaN, Number.POSITIVE_INFINITY, true, 'true'],
    ...[
      [],
      [1],
      ['1'],
      [[1]],
      [undefined],
      [null],
      {},
      { a: 1 },
      { a: undefined },
      { a: null },
      { b: 1, a: 1 },
    ],
    ...[
      new Date(0),
      new Date(1),
      new URL('http://a/'),
      new URL('http://b/'),
      Buffer.from('a'),
      Buffer.from('b'),
    ],
    ...[new Set([1]), new Map([[1, 1]]), () => 1, Symbol('x'), { toJSON: () => 1 }, { toJSON: () => 2 }],
    ...[Object(1), Object(2), Object('a'), Object('b'), Object(true), 'é', 'e\u0301', '\ud800', '\u0000'],
  );
  const field = fc.constantFrom('a', 'b', '__proto__', 'temperature', 'messages.0', '1', 'a:b');
  const extra = fc.dictionary(field, fc.oneof(odd, fc.dictionary(field, odd, { maxKeys: 2 })), {
    maxKeys: 2,
  });
  const request = fc.record(
    {
      messages: fc.constantFrom(
        [{ role: 'user' as const, content: 'ab' }],
        [
          { role: 'user' as const, content: 'a' },
          { role: 'user' as const, content: 'b' },
        ],
        [
          { role: 'system' as const, content: 'a' },
          { role: 'user' as const, content: 'b' },
        ],
      ),
      maxTokens: fc.constantFrom(1, 2),
      temperature: fc.constantFrom(0, 1),
      topP: fc.constantFrom(0, 1, 0.5),
      seed: fc.constantFrom(0, 1),
      stop: fc.constantFrom([], ['a'], ['a', 'b'], ['ab']),
      thinking: fc.boolean(),
      extra,
    },
    { requiredKeys: ['messages'] },
  );

  // 3,000 clients: the bound is against hanging, also where eight others compute.
  it('never share a key, whatever is in them (seed 17)', { timeout: 120_000 }, async () => {
    /** The bodies that were met under each key, for every dialect and for a model that folds roles. */
    const met = new Map<string, string>();
    const ways = Object.keys(DIALECTS).flatMap((dialect) =>
      ['m', 'gemma-2b-it'].map((model) => ({ dialect, model }) as LlmClientOptions),
    );
    await fc.assert(
      fc.asyncProperty(request, fc.constantFrom(...ways), async (given, options) => {
        const { key, body } = await asked((llm) => llm.chat(given as ChatRequest), options);
        const where = `${options.dialect} ${key}`;
        const sent = canonicalJson(JSON.parse(JSON.stringify(body)));
        expect(met.get(where) ?? sent).toBe(sent);
        met.set(where, sent);
      }),
      { numRuns: 3000, seed: 17 },
    );
  });
});
