import { describe, expect, it } from 'vitest';
import { QUEUE_LIMIT } from '../../../src/engines/embedded/generate/slot-pool.js';
import { EngineUnderTest } from '../../support/engine-process.js';
import { tinyModel } from '../../support/tiny-engine.js';

const modelPath = tinyModel({ context: 8192 });

const ask = (content: string, maxTokens: number, more: Record<string, unknown> = {}) => ({
  messages: [{ role: 'user', content }],
  max_tokens: maxTokens,
  temperature: 0,
  ...more,
});
const CHAT = '/v1/chat/completions';
/** Thousands of tokens: seconds even for the tiny model. */
const LONG = 3000;

interface Reply {
  choices: { message: { content: string } }[];
  timings: { predicted_n: number };
}

describe('several requests at once', () => {
  it('are decoded together: one that comes while another decodes joins it and is answered first', async () => {
    const engine = await EngineUnderTest.ready(modelPath, { slots: 2, context: 8192, threads: 1 });
    try {
      const order: string[] = [];
      const long = engine.post(CHAT, ask('long', LONG)).then(async (reply) => {
        order.push('long');
        return (await reply.json()) as Reply;
      });
      await engine.until(async () => (await engine.health()).busy === 1);
      const short = (await (await engine.post(CHAT, ask('short', 5))).json()) as Reply;
      order.push('short');
      expect(short.timings.predicted_n).toBe(5);
      expect((await long).timings.predicted_n).toBe(LONG);
      expect(order).toEqual(['short', 'long']);
    } finally {
      await engine.kill();
    }
  });

  it('do not mix: each gets the answer that it gets alone', async () => {
    const engine = await EngineUnderTest.ready(modelPath, { slots: 4, context: 1024, threads: 1 });
    try {
      const answer = async (n: number) => {
        const reply = (await (
          await engine.post(CHAT, ask(`question ${n} ${'x'.repeat(n * 50)}`, 30))
        ).json()) as Reply;
        return reply.choices[0]?.message.content;
      };
      const alone: (string | undefined)[] = [];
      for (const n of [1, 2, 3, 4, 5, 6]) alone.push(await answer(n));
      expect(new Set(alone).size).toBeGreaterThan(3);
      expect(await Promise.all([1, 2, 3, 4, 5, 6].map(answer))).toEqual(alone);
    } finally {
      await engine.kill();
    }
  });

  it('wait in a bounded queue; one too many gets 503 with a time to come back', async () => {
    const engine = await EngineUnderTest.ready(modelPath, { slots: 1, context: 8192, threads: 1 });
    const hold = new AbortController();
    try {
      const held = engine.post(CHAT, ask('long', LONG), { signal: hold.signal }).catch(() => undefined);
      await engine.until(async () => (await engine.health()).busy === 1);
      const queued = Array.from({ length: QUEUE_LIMIT }, (_, n) => engine.post(CHAT, ask(`q ${n}`, 1)));
      await engine.until(async () => (await engine.health()).queued === QUEUE_LIMIT);
      expect(await engine.metric('llamacpp:requests_deferred')).toBe(QUEUE_LIMIT);
      for (const stream of [false, true]) {
        const refused = await engine.post(CHAT, ask('one more', 1, { stream }));
        expect(refused.status).toBe(503);
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(await refused.json()).toMatchObject({ error: { code: 503, type: 'unavailable_error' } });
      }
      hold.abort();
      await held;
      const replies = await Promise.all(queued);
      expect(replies.map((reply) => reply.status)).toEqual(replies.map(() => 200));
    } finally {
      hold.abort();
      await engine.kill();
    }
  });
});

describe('a client that closes its connection', () => {
  it('stops its generation and frees its slot, plain and streamed, decoding and waiting', async () => {
    const engine = await EngineUnderTest.ready(modelPath, { slots: 1, context: 8192, threads: 1 });
    try {
      for (const stream of [false, true]) {
        const controller = new AbortController();
        const read = engine
          .post(CHAT, ask('long', LONG, { stream }), { signal: controller.signal })
          .then((reply) => reply.text())
          .catch(() => undefined);
        await engine.until(async () => (await engine.health()).busy === 1);
        const waiting = new AbortController();
        const queued = engine.post(CHAT, ask('queued', 1), { signal: waiting.signal }).catch(() => undefined);
        await engine.until(async () => (await engine.health()).queued === 1);
        waiting.abort();
        await engine.until(async () => (await engine.health()).queued === 0);
        controller.abort();
        await Promise.all([read, queued]);
        await engine.until(async () => (await engine.health()).busy === 0);
      }
      // Nobody ever read those tokens to the end, so none of them was counted as an answer.
      expect(await engine.metric('llamacpp:tokens_predicted_total')).toBe(0);
      expect(engine.log.filter((line) => line.event === 'client_gone')).toHaveLength(4);
      const after = (await (await engine.post(CHAT, ask('still there?', 4))).json()) as Reply;
      expect(after.timings.predicted_n).toBe(4);
    } finally {
      await engine.kill();
    }
  });
});
