import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createLlmClient } from '../../src/client/client.js';
import type { Transport } from '../../src/client/transport/contract.js';

const USERS = 100_000;
const AT_ONCE = 200;

/** An engine that costs no time: what is counted is looked at, not what is sent. */
const instant: Transport = {
  send: async () => ({
    status: 200,
    header: () => null,
    body: {
      choices: [{ message: { content: 'yes' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    },
  }),
  stream: () => Promise.reject(new Error('nothing is streamed here')),
  close: async () => {},
};

it('100,000 random users of random bots leave the number of metric series as it was after the first', {
  timeout: 200_000,
}, async () => {
  await using llm = createLlmClient({
    transport: instant,
    store: 'memory',
    model: 'm',
    detect: false,
    cacheTtlMs: 0,
    maxConcurrency: AT_ONCE,
  });
  const series = async () => (await llm.metricsText()).split('\n').filter((line) => /^\w/.test(line)).length;
  const ask = () =>
    llm.chat({ messages: [{ role: 'user', content: 'hi' }] }, { userId: randomUUID(), scope: randomUUID() });
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  const first = await series();
  for (let asked = 0; asked < USERS; asked += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
  expect(await series()).toBe(first);
  expect(first).toBeLessThan(500);
});
