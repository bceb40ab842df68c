import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/client/clock.js';
import { completion, refuse, silent, stalledBody } from '../support/fake-engine.js';
import { bench, failure, intent } from './setup.js';

const chat = { messages: [{ role: 'user' as const, content: 'hi' }] };
/** Bounds are against hanging only. */
const HANGING_MS = 100_000;
/** Time goes by, but the date stays. */
const newYear = { ...systemClock, now: () => Date.parse('2026-01-01T00:00:00Z') };

describe('time limits', () => {
  it.each([
    ['before the head', silent],
    ['in the middle of the body', stalledBody],
  ])(
    'an attempt ends when the engine falls silent %s, is tried once more, and closes its sockets',
    async (_, reply) => {
      const { llm, engine } = await bench({ timeoutMs: 1_000, maxRetries: 3 });
      await llm.warmup();
      engine.answerWith(reply);
      expect(await failure(llm.chat(chat))).toMatchObject({ code: 'TIMEOUT' });
      expect(engine.seen).toHaveLength(2);
      await expect.poll(() => engine.seen.every(({ closedEarly }) => closedEarly)).toBe(true);
    },
    HANGING_MS,
  );

  it(
    'the whole call ends at its deadline, in the middle of an attempt',
    async () => {
      const { llm, engine } = await bench({ timeoutMs: 60_000, deadlineMs: 1_000 });
      await llm.warmup();
      engine.answerWith(silent);
      const result = await llm.complete(intent('hi'));
      expect(result).toMatchObject({ source: 'fallback', error: { code: 'DEADLINE_EXCEEDED' } });
      await expect.poll(() => engine.seen[0]?.closedEarly).toBe(true);
    },
    HANGING_MS,
  );

  it(
    "a deadline for one call goes before the client's",
    async () => {
      const { llm, engine } = await bench();
      engine.answerWith(silent);
      expect(await failure(llm.chat(chat, { deadlineMs: 100 }))).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    },
    HANGING_MS,
  );

  it(
    'waiting for a place counts against the deadline',
    async () => {
      const { llm, engine } = await bench({ maxConcurrency: 1 });
      engine.answerWith(silent);
      const leaves = new AbortController();
      const first = failure(llm.chat(chat, { signal: leaves.signal, cache: false }));
      await expect.poll(() => engine.seen.length).toBe(1);
      expect(await failure(llm.chat(chat, { deadlineMs: 100, cache: false }))).toMatchObject({
        code: 'DEADLINE_EXCEEDED',
      });
      expect(engine.seen).toHaveLength(1);
      leaves.abort();
      await first;
    },
    HANGING_MS,
  );

  it(
    'an abort settles at once and closes the socket',
    async () => {
      const { llm, engine } = await bench();
      engine.answerWith(silent);
      const controller = new AbortController();
      const call = failure(llm.chat(chat, { signal: controller.signal }));
      await expect.poll(() => engine.seen.length).toBe(1);
      const reason = new Error('the user left');
      controller.abort(reason);
      expect(await call).toMatchObject({ code: 'ABORTED', cause: reason });
      await expect.poll(() => engine.seen[0]?.closedEarly).toBe(true);
    },
    HANGING_MS,
  );

  it(
    'an abort ends the wait before a retry',
    async () => {
      const { llm, engine, told } = await bench();
      engine.answerWith(refuse(429, {}, { 'retry-after': '20' }));
      const controller = new AbortController();
      const call = failure(llm.chat(chat, { signal: controller.signal }));
      await expect.poll(() => told()).toContain('llm_retry');
      controller.abort();
      expect(await call).toMatchObject({ code: 'ABORTED' });
      expect(engine.seen).toHaveLength(1);
    },
    HANGING_MS,
  );

  it('a signal that is aborted already sends nothing', async () => {
    const { llm, engine } = await bench();
    expect(await failure(llm.chat(chat, { signal: AbortSignal.abort() }))).toMatchObject({ code: 'ABORTED' });
    expect(engine.seen).toHaveLength(0);
  });

  it.each([
    ['0', 0],
    ['2', 2000],
    ['0.5', 500],
    ['Thu, 01 Jan 2026 00:00:07 GMT', 7000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ])('a Retry-After of %j is obeyed to the millisecond', async (after, delayMs) => {
    expect(await retryWait({ 'retry-after': after })).toMatchObject({ delayMs });
  });

  it('retry-after-ms goes before it', async () => {
    expect(await retryWait({ 'retry-after-ms': '30', 'retry-after': '9' })).toMatchObject({ delayMs: 30 });
  });

  it.each(['soon', '', '-5', '1e3', '0x10', 'try 5', 'Infinity', '5, 6'])(
    'a Retry-After of %j says nothing: the usual wait',
    async (after) => {
      expect(await retryWait({ 'retry-after': after })).toMatchObject({ delayMs: 125 });
    },
  );

  it.each(['61', '277403', '9'.repeat(400), 'Thu, 01 Jan 2026 01:00:00 GMT'])(
    'a Retry-After of %j does not fit the deadline: the call ends at once, and says when to come back',
    async (after) => {
      const { llm, engine } = await bench({ deadlineMs: 45_000, clock: newYear });
      engine.answerWith(refuse(429, {}, { 'retry-after': after }));
      const result = await llm.complete(intent('hi'));
      expect(result).toMatchObject({ source: 'fallback', error: { code: 'ENGINE_OVERLOADED' }, attempts: 1 });
      expect(result.error?.retryAfterMs).toBeGreaterThan(45_000);
    },
    HANGING_MS,
  );

  it(
    'a follower keeps his own deadline, and the flight goes on for the others',
    async () => {
      const { llm, engine } = await bench();
      engine.answerWith(completion('hello', { delayMs: 300 }));
      const patient = llm.chat(chat);
      const hasty = failure(llm.chat(chat, { deadlineMs: 50 }));
      expect(await hasty).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
      expect(await patient).toMatchObject({ content: 'hello' });
      expect(engine.seen).toHaveLength(1);
    },
    HANGING_MS,
  );

  it(
    'who started a flight may leave it: the followers get the answer all the same',
    async () => {
      const { llm, engine } = await bench();
      let answers = () => {};
      const left = new Promise<void>((resolve) => {
        answers = resolve;
      });
      engine.answerWith(async (...at) => {
        await left;
        return completion('hello')(...at);
      });
      const controller = new AbortController();
      const leader = failure(llm.chat(chat, { signal: controller.signal }));
      const follower = llm.chat(chat);
      await expect.poll(() => engine.seen.length).toBe(1);
      controller.abort();
      expect(await leader).toMatchObject({ code: 'ABORTED' });
      answers();
      expect(await follower).toMatchObject({ content: 'hello', source: 'model' });
      expect(engine.seen).toHaveLength(1);
    },
    HANGING_MS,
  );

  it(
    'the last one who leaves a flight closes its socket',
    async () => {
      const { llm, engine } = await bench();
      engine.answerWith(silent);
      const controllers = [new AbortController(), new AbortController()];
      const calls = controllers.map(({ signal }) => failure(llm.chat(chat, { signal })));
      await expect.poll(() => engine.seen.length).toBe(1);
      controllers[0]?.abort();
      await calls[0];
      expect(engine.seen[0]?.closedEarly).toBe(false);
      controllers[1]?.abort();
      await calls[1];
      await expect.poll(() => engine.seen[0]?.closedEarly).toBe(true);
    },
    HANGING_MS,
  );

  it(
    'close ends the calls in flight, and later ones',
    async () => {
      const { llm, engine } = await bench();
      engine.answerWith(silent);
      const call = failure(llm.chat(chat));
      const task = llm.complete(intent('hi'));
      await expect.poll(() => engine.seen.length).toBe(2);
      await llm.close();
      expect(await call).toMatchObject({ code: 'CLIENT_CLOSED' });
      expect(await task).toMatchObject({ source: 'fallback', error: { code: 'CLIENT_CLOSED' } });
      expect(await failure(llm.chat(chat))).toMatchObject({ code: 'CLIENT_CLOSED' });
      await llm.close();
    },
    HANGING_MS,
  );

  it(
    'a dead engine is asked by one probe a second, and by everybody as soon as that one succeeds',
    async () => {
      const { llm, engine, told } = await bench({ maxRetries: 0 });
      engine.answerWith(refuse(500));
      const begun = performance.now();
      for (let i = 0; i < 40; i += 1) await failure(llm.chat(chat, { cache: false }));
      // Five that opened it, and a probe for each second that the rest took.
      expect(engine.seen.length).toBeLessThanOrEqual(5 + (performance.now() - begun) / 1_000);
      engine.answerWith(completion('hello'));
      await expect
        .poll(() => llm.chat(chat, { cache: false }).catch((error) => error.code), {
          interval: 50,
        })
        .toMatchObject({ content: 'hello' });
      expect(told().filter((event) => event === 'llm_breaker_open')).toHaveLength(1);
      expect(told().filter((event) => event === 'llm_breaker_closed')).toHaveLength(1);
      expect(await llm.chat(chat, { cache: false })).toMatchObject({ content: 'hello' });
    },
    HANGING_MS,
  );
});

/** The wait that a refusal with these headers leads to; it is not waited for. */
async function retryWait(headers: Record<string, string>) {
  const { llm, engine, events } = await bench({ clock: newYear });
  engine.answerWith(refuse(429, {}, headers));
  const controller = new AbortController();
  const call = failure(llm.chat(chat, { signal: controller.signal }));
  const retry = () => events.find(({ event }) => event === 'llm_retry');
  await expect.poll(retry).toBeDefined();
  const found = retry();
  controller.abort();
  await call;
  return found;
}
