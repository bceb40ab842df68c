import { setTimeout as sleep } from 'node:timers/promises';
import { BotllmError } from '../../errors.js';
import type { Family } from './families/contract.js';
import { SAY } from './messages.js';

export interface AskOptions {
  endpoint: string;
  /** LLM_API_KEY, sent as a bearer token. */
  apiKey?: string | undefined;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

export interface Answer {
  status: number;
  body: unknown;
}

/** One request to an engine's HTTP; null where nobody answers in time. */
export async function askEngine(
  path: string,
  { endpoint, apiKey, signal, timeoutMs = 2_000 }: AskOptions,
  body?: object,
): Promise<Answer | null> {
  const bound = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(endpoint + path, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      },
      signal: signal ? AbortSignal.any([signal, bound]) : bound,
    });
    return { status: response.status, body: asJson(await boundedText(response)) };
  } catch {
    signal?.throwIfAborted();
    return null;
  }
}

/** Whether the family says that the model can answer. */
export async function isReady(family: Family, options: AskOptions): Promise<boolean> {
  const answer = await askEngine(family.readiness.path, options);
  return answer !== null && family.readiness.isReady(answer.status, answer.body);
}

/** Whether its own health check is well, which for some is long before there is a model. */
export async function isListening(family: Family, options: AskOptions): Promise<boolean> {
  return (await askEngine(family.health, options))?.status === 200;
}

/** Lists a model, and makes one token: weights, context and sampler work together. @throws BotllmError */
export async function proveToken(model: string, options: AskOptions): Promise<void> {
  const list = await askEngine('/v1/models', options);
  const named = list?.status === 200 && Array.isArray((list.body as { data?: unknown } | null)?.data);
  if (!named)
    throw new BotllmError('NOT_READY', SAY.notListed, { detail: textOf(list), hint: 'botllm logs' });
  const TOKEN_MS = 180_000;
  for (let tries = 3; ; tries -= 1) {
    const answer = await askEngine(
      '/v1/completions',
      { ...options, timeoutMs: TOKEN_MS },
      {
        ...{ model, prompt: 'Hi', max_tokens: 1, temperature: 0 },
      },
    );
    if (answer?.status === 200) return;
    if (tries === 1) {
      throw new BotllmError('ENGINE_FAILED', SAY.noToken, { detail: textOf(answer), hint: 'botllm logs' });
    }
    await sleep(500);
  }
}

/** What these questions are answered with is short; an answer without an end is none. */
const MOST_BYTES = 4 * 1024 * 1024;

async function boundedText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of body ?? []) {
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > MOST_BYTES) throw new Error('the answer has no end');
    text += decoder.decode(chunk as Uint8Array, { stream: true });
  }
  return text + decoder.decode();
}

function textOf(answer: Answer | null): string | undefined {
  return answer === null ? undefined : `${answer.status} ${JSON.stringify(answer.body)}`.slice(0, 300);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
