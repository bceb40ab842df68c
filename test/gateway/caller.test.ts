import { describe, expect, it } from 'vitest';
import { quotaFields } from '../../src/gateway/caller.js';
import { gatewayBench, HI } from './setup.js';

const CHAT = '/v1/chat/completions';
const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

describe('the caller', () => {
  it('is the user of the body, else of X-User-Id: each has a quota of his own', async () => {
    const { ask } = await gatewayBench({ client: { rateLimit: 1, cacheTtlMs: 0 } });
    expect((await ask(CHAT, { ...HI, user: 'ann' })).status).toBe(200);
    expect((await ask(CHAT, HI, { 'x-user-id': 'bob' })).status).toBe(200);
    expect((await ask(CHAT, HI, { 'x-user-id': 'ann' })).status).toBe(429);
    expect((await ask(CHAT, { ...HI, user: 'bob' }, { 'x-user-id': 'carl' })).status).toBe(429);
    // Nobody in particular: bounded by the engine's places alone.
    for (let n = 0; n < 3; n += 1) expect((await ask(CHAT, HI)).status).toBe(200);
  });

  it('may have a name in any script', async () => {
    const { ask } = await gatewayBench({ client: { rateLimit: 1, cacheTtlMs: 0 } });
    const bytes = Buffer.from('Анна').toString('latin1');
    expect((await ask(CHAT, { ...HI, user: 'Анна' })).status).toBe(200);
    expect((await ask(CHAT, HI, { 'x-user-id': bytes })).status).toBe(429);
    expect((await ask(CHAT, HI, { 'x-user-id': '\xff\xfe' })).status).toBe(400);
  });

  it('of another bot shares neither answers nor quota', async () => {
    const { engine, ask, events } = await gatewayBench({ client: { rateLimit: 1 } });
    expect((await ask(CHAT, { ...HI, user: 'ann' }, { 'x-bot-id': 'shop' })).status).toBe(200);
    expect((await ask(CHAT, { ...HI, user: 'ann' }, { 'x-bot-id': 'salon' })).status).toBe(200);
    expect(engine.seen).toHaveLength(2);
    expect([...new Set(events.map(({ scope }) => scope))]).toEqual(['shop', 'salon']);
    const again = await ask(CHAT, { ...HI, user: 'ann' }, { 'x-bot-id': 'shop' });
    expect(again.headers.get('x-botllm-source')).toBe('cache');
  });

  it('gives a request id that goes to the engine, into the events and back', async () => {
    const { engine, ask, events } = await gatewayBench();
    const { headers, json } = await ask(CHAT, HI, { 'x-request-id': 'order-17' });
    expect(headers.get('x-request-id')).toBe('order-17');
    expect(json().id).toBe('chatcmpl-order-17');
    expect(engine.seen[0]?.headers['x-request-id']).toBe('order-17');
    expect(events.every(({ requestId }) => requestId === 'order-17')).toBe(true);
  });

  it('gets a request id where he gave none, or one that no log should hold', async () => {
    const { ask } = await gatewayBench();
    expect((await ask(CHAT, HI)).headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    const odd = await ask(CHAT, HI, { 'x-request-id': 'a b' });
    expect(odd.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });

  it.each([false, true])('has his trace passed on to the engine (streamed: %s)', async (stream) => {
    const { engine, ask } = await gatewayBench({ client: { cacheTtlMs: 0 } });
    await ask(CHAT, { ...HI, stream }, { traceparent: TRACE });
    await ask(CHAT, { ...HI, stream }, { traceparent: 'nonsense' });
    expect(engine.seen.map(({ headers }) => headers.traceparent)).toEqual([TRACE, undefined]);
  });

  it('reads in the RateLimit fields what is left of his quota', async () => {
    const { ask } = await gatewayBench({ client: { rateLimit: 3, cacheTtlMs: 0 } });
    await ask(CHAT, { ...HI, user: 'ann' });
    const { headers } = await ask(CHAT, { ...HI, user: 'ann' });
    expect(headers.get('ratelimit-policy')).toBe('"user";q=3;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"user";r=1;t=(59|60)$/);
  });

  it('is told whole seconds, rounded up', () => {
    const fields = quotaFields({ limit: 10, windowMs: 60_000, remaining: 4, resetMs: 1001 });
    expect(fields.ratelimit).toBe('"user";r=4;t=2');
  });
});
