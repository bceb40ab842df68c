import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { LlmStream } from '../../src/client/streaming.js';
import { EARLY_STREAM_FAULTS, STREAM_FAULTS } from '../support/engine-faults.js';
import { completion, event, refuse, silent, startStream, streamed } from '../support/fake-engine.js';
import { begun } from '../support/fault-replies.js';
import { bench, failure } from './setup.js';
import { shortIfSilent } from './ways.js';

const chat = { messages: [{ role: 'user' as const, content: 'hi' }] };
const HANGING_MS = 100_000;

async function read(stream: LlmStream): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

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

  it.each([...EARLY_STREAM_FAULTS, ...STREAM_FAULTS])(
    'that breaks off with $name fails where it is read and in its result, and the next one is asked anew',
    async (fault) => {
      const { llm, engine } = await bench({ ...shortIfSilent(fault), maxRetries: 0 });
      const { code } = fault;
      engine.answerWith(fault.reply);
      const stream = llm.stream(chat);
      expect(await failure(read(stream))).toMatchObject({ code });
      expect(await failure(stream.result())).toMatchObject({ code });
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
      const { llm, engine } = await bench({ streamIdleMs: 1_000 });
      engine.answerWith(streamed(['a', 'b', 'c']));
      const pieces: string[] = [];
      for await (const piece of llm.stream(chat)) {
        pieces.push(piece);
        // Before the first piece another limit holds.
        if (pieces.length === 2) await sleep(1_500);
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

  it(
    'that its reader forgets ends at the deadline: the socket is closed, the place given back, the result told',
    async () => {
      const { llm, engine, told } = await bench({ maxConcurrency: 1, deadlineMs: 2_000 });
      engine.script(begun(silent));
      const stream = llm.stream(chat);
      const reader = stream[Symbol.asyncIterator]();
      expect(await reader.next()).toMatchObject({ value: 'Hel' });
      expect(await failure(stream.result())).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
      await expect.poll(() => engine.seen[0]?.closedEarly).toBe(true);
      engine.answerWith(completion('next'));
      expect(await llm.chat(chat)).toMatchObject({ content: 'next' });
      expect(told().filter((event) => event === 'llm_error')).toHaveLength(1);
      // Who remembers it after all learns the same, and nothing is counted twice.
      expect(await failure(reader.next())).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
      expect(told().filter((event) => event === 'llm_error')).toHaveLength(1);
    },
    HANGING_MS,
  );

  it('that cannot even begin says so where it is read and in its result', async () => {
    const { llm } = await bench();
    const stream = llm.stream(chat, { requestId: 'two words' });
    expect(await failure(read(stream))).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(await failure(stream.result())).toMatchObject({ code: 'INVALID_REQUEST' });
  });

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
