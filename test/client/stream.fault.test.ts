import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { LlmStream } from '../../src/client/streaming.js';
import {
  completion,
  event,
  type Reply,
  raw,
  refuse,
  silent,
  startStream,
  streamed,
} from '../support/fake-engine.js';
import { bench, failure } from './setup.js';

const chat = { messages: [{ role: 'user' as const, content: 'hi' }] };
const HANGING_MS = 10_000;

async function read(stream: LlmStream): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

/** A beginning, then what the test wants. */
const begun =
  (then: Reply): Reply =>
  async (response, request) => {
    startStream(response);
    event(response, { choices: [{ delta: { content: 'Hel' } }] });
    await sleep(20);
    await then(response, request);
  };

describe('a stream', () => {
  it('gives the text in pieces, and the whole answer at the end', async () => {
    const { llm, engine, told } = await bench();
    engine.answerWith(streamed(['Hel', 'lo', ' you']));
    const stream = llm.stream(chat, { requestId: 'r-1' });
    expect(await read(stream)).toEqual(['Hel', 'lo', ' you']);
    expect(await stream.result()).toMatchObject({
      content: 'Hello you',
      source: 'model',
      finishReason: 'stop',
      attempts: 1,
      requestId: 'r-1',
      usage: { inputTokens: 10, outputTokens: 3 },
    });
    expect(engine.seen[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(told()).toEqual(['llm_request', 'llm_success']);
  });

  it('is kept when it is whole, and replayed in pieces; a chat takes the same answer', async () => {
    const { llm, engine } = await bench();
    engine.answerWith(streamed(['Hello', ' dear', ' you']));
    await llm.stream(chat).result();
    const again = llm.stream(chat);
    const pieces = await read(again);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe('Hello dear you');
    expect(await again.result()).toMatchObject({ source: 'cache', cached: true, attempts: 0 });
    expect(await llm.chat(chat)).toMatchObject({ source: 'cache', content: 'Hello dear you' });
    expect(engine.seen).toHaveLength(1);
  });

  it('cut at its length is given as it is, and not kept', async () => {
    const { llm, engine } = await bench();
    engine.answerWith(streamed(['Hel'], { finish: 'length' }));
    expect(await llm.stream(chat).result()).toMatchObject({ content: 'Hel', finishReason: 'length' });
    await llm.stream(chat).result();
    expect(engine.seen).toHaveLength(2);
  });

  it.each<[string, Reply, string, number]>([
    ['ends without a finish reason', streamed(['Hel'], { done: true }), 'INCOMPLETE_RESPONSE', 1],
    ['ends without anything', streamed(['Hel'], { done: false }), 'INCOMPLETE_RESPONSE', 1],
    ['is cut by a reset', begun((response) => void response.destroy()), 'ENGINE_UNREACHABLE', 1],
    [
      'carries something that is no JSON',
      begun((response) => void response.end('data: {"choi\n\n')),
      'INVALID_RESPONSE',
      1,
    ],
    [
      'carries an error',
      begun((response) => event(response, { error: { message: 'boom' } })),
      'ENGINE_ERROR',
      1,
    ],
    ['stands still after its beginning', begun(silent), 'TIMEOUT', 1],
    [
      'sends nothing but pings after its beginning',
      begun(async (response) => {
        while (!response.destroyed) {
          response.write(': ping\n\n');
          await sleep(20);
        }
      }),
      'TIMEOUT',
      1,
    ],
    ['is a page of a proxy', raw(200, '<html></html>', 'text/html'), 'INVALID_RESPONSE', 1],
    ['never begins', silent, 'TIMEOUT', 2],
    ['is refused while loading', refuse(503, { message: 'Loading model' }), 'ENGINE_NOT_READY', 3],
    ['is refused for good', refuse(400), 'INVALID_REQUEST', 1],
    [
      'carries the error of an engine that is full, before anything else',
      (response) => {
        startStream(response);
        event(response, { error: { message: 'Model is overloaded', http_status_code: 429 } });
        response.end();
      },
      'ENGINE_OVERLOADED',
      3,
    ],
  ])(
    'that %s is an error, and nothing is kept',
    async (_, reply, code, requests) => {
      const { llm, engine } = await bench({ timeoutMs: 200, streamIdleMs: 150, maxRetries: 2 });
      engine.answerWith(reply);
      const stream = llm.stream(chat);
      expect(await failure(read(stream))).toMatchObject({ code });
      expect(await failure(stream.result())).toMatchObject({ code });
      expect(engine.seen).toHaveLength(requests);
      await expect
        .poll(() => engine.seen.every(({ closedEarly }) => closedEarly) || code !== 'TIMEOUT')
        .toBe(true);
      engine.answerWith(streamed(['ok']));
      expect(await llm.stream(chat).result()).toMatchObject({ source: 'model', content: 'ok' });
    },
    HANGING_MS,
  );

  it('is tried again before its first content', async () => {
    const { llm, engine } = await bench();
    engine.script(refuse(503), streamed(['ok']));
    expect(await llm.stream(chat).result()).toMatchObject({ content: 'ok', attempts: 2 });
  });

  it(
    'whose reader leaves closes the socket, and its result says so',
    async () => {
      const { llm, engine } = await bench();
      engine.answerWith(streamed(Array(1000).fill('x'), { finish: 'stop', gapMs: 5 }));
      const stream = llm.stream(chat);
      for await (const _ of stream) break;
      expect(await failure(stream.result())).toMatchObject({ code: 'ABORTED' });
      await expect.poll(() => engine.seen[0]?.closedEarly).toBe(true);
    },
    HANGING_MS,
  );

  it(
    'whose caller aborts throws, and never ends as if it were whole',
    async () => {
      const { llm, engine } = await bench();
      engine.answerWith(begun(silent));
      const controller = new AbortController();
      const stream = llm.stream(chat, { signal: controller.signal });
      const pieces: string[] = [];
      const reading = (async () => {
        for await (const piece of stream) {
          pieces.push(piece);
          controller.abort();
        }
      })();
      expect(await failure(reading)).toMatchObject({ code: 'ABORTED' });
      expect(pieces).toEqual(['Hel']);
      await expect.poll(() => engine.seen[0]?.closedEarly).toBe(true);
    },
    HANGING_MS,
  );

  it(
    "waits for a slow reader: the pause is the engine's alone",
    async () => {
      const { llm, engine } = await bench({ streamIdleMs: 100 });
      engine.answerWith(streamed(['a', 'b', 'c']));
      const pieces: string[] = [];
      for await (const piece of llm.stream(chat)) {
        pieces.push(piece);
        await sleep(150);
      }
      expect(pieces).toEqual(['a', 'b', 'c']);
    },
    HANGING_MS,
  );

  it(
    'is whole with its finish reason, even if the engine never closes it',
    async () => {
      const { llm, engine } = await bench();
      engine.answerWith((response) => {
        startStream(response);
        event(response, { choices: [{ delta: { content: 'ok' }, finish_reason: 'stop' }] });
      });
      expect(await llm.stream(chat).result()).toMatchObject({ content: 'ok', finishReason: 'stop' });
    },
    HANGING_MS,
  );

  it('can be iterated once', async () => {
    const { llm, engine } = await bench();
    engine.answerWith(completion('hello'));
    const stream = llm.stream(chat);
    await read(stream);
    expect(await failure(read(stream))).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('counts against quota and switch like every call', async () => {
    const { llm } = await bench({ rateLimit: 1, cacheTtlMs: 0 });
    await llm.stream(chat, { userId: 'u' }).result();
    expect(await failure(llm.stream(chat, { userId: 'u' }).result())).toMatchObject({
      code: 'RATE_LIMIT_EXCEEDED',
    });
    const off = await bench({ enabled: false });
    expect(await failure(off.llm.stream(chat).result())).toMatchObject({ code: 'DISABLED' });
  });
});
