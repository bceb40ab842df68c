import { expect } from 'vitest';
import { readSse } from './engine-process.js';

/** Any engine that can be asked over HTTP. */
export interface Askable {
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
}

export const CHAT = '/v1/chat/completions';
export const messages = [{ role: 'user', content: 'Hello there' }];

export interface Chat {
  model: string;
  object: string;
  choices: {
    message: { role: string; content: string };
    finish_reason: string;
    logprobs: null | { content: Logprob[] };
  }[];
  usage: {
    prompt_tokens: number;
    completion_tokens: number;
    total_tokens: number;
    prompt_tokens_details: { cached_tokens: number };
  };
  timings: Record<string, number>;
}

export interface Logprob {
  token: string;
  logprob: number;
  bytes: number[] | null;
  top_logprobs: { token: string; logprob: number }[];
}

export const contentOf = (reply: Chat) => reply.choices[0]?.message.content ?? '';
export const logprobsOf = (reply: Chat) => reply.choices[0]?.logprobs?.content ?? [];

/** What tests ask of an engine again and again. Greedy unless a test says otherwise. */
export class Asker {
  constructor(readonly engine: Askable) {}

  async chat(body: Record<string, unknown>): Promise<Chat> {
    const reply = await this.engine.post(CHAT, { messages, temperature: 0, ...body });
    const json = (await reply.json()) as Chat;
    expect(reply.status, JSON.stringify(json)).toBe(200);
    return json;
  }

  async streamed(body: Record<string, unknown>) {
    const reply = await this.engine.post(CHAT, { messages, temperature: 0, ...body, stream: true });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toContain('text/event-stream');
    const { events, done } = await readSse(reply);
    // biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests check
    const chunks = events as any[];
    const texts: string[] = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '');
    return { chunks, texts, text: texts.join(''), done };
  }

  async refused(path: string, body: unknown) {
    const reply = await this.engine.post(path, body);
    const json = (await reply.json()) as { error: Record<string, unknown> };
    return { status: reply.status, error: json.error, headers: reply.headers };
  }
}
