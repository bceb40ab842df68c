import { expect, it } from 'vitest';
import { readUsage } from '../../src/client/read-reply.js';
import { readEvents } from '../../src/client/transport/reading.js';

const BODY = `\uFEFF: hello\r\nevent: chunk\r\ndata: {"text":"даёшь 🙂"}\r\n\r\ndata: {"a":\ndata: 1}\n\ndata: no JSON\n\ndata: [DONE]\n\ndata: {"late":true}\n\n`;
const EVENTS = [{ text: 'даёшь 🙂' }, { a: 1 }, null];

it('a stream gives the same events wherever its body is cut, up to [DONE], and is read to its end', async () => {
  const bytes = new TextEncoder().encode(BODY);
  for (let size = 1; size <= bytes.length; size += 1) {
    let isRead = false;
    const pieces = async function* () {
      for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
      isRead = true;
    };
    expect(await all(readEvents(pieces()))).toEqual(EVENTS);
    expect(isRead).toBe(true);
  }
});

it('an event that the end of the body cuts counts only where nothing but its line break is missing', async () => {
  expect(await all(readEvents(bodyOf('data: {"a":1}\n\ndata: {"b":2}')))).toEqual([{ a: 1 }, { b: 2 }]);
  expect(await all(readEvents(bodyOf('data: {"a":1}\n\ndata: {"b":')))).toEqual([{ a: 1 }]);
});

it('a stream that never stops talking is cut, and its body is let go', async () => {
  let isLeft = false;
  const piece = new TextEncoder().encode(`: ${'-'.repeat(1024 * 1024)}\n`);
  const endless = async function* () {
    try {
      for (;;) yield piece;
    } finally {
      isLeft = true;
    }
  };
  await expect(all(readEvents(endless()))).rejects.toMatchObject({ code: 'INVALID_RESPONSE' });
  expect(isLeft).toBe(true);
});

it('tokens that the engine did not count, or not as numbers, are not counted', () => {
  expect(readUsage({})).toBeUndefined();
  expect(readUsage({ usage: null })).toBeUndefined();
  expect(readUsage({ usage: { prompt_tokens: 'many', completion_tokens: 1 } })).toBeUndefined();
  expect(readUsage({ usage: { prompt_tokens: 2, completion_tokens: 1 } })).toEqual({
    inputTokens: 2,
    outputTokens: 1,
  });
});

async function* bodyOf(text: string) {
  yield new TextEncoder().encode(text);
}

async function all(events: AsyncIterable<unknown>): Promise<unknown[]> {
  const given: unknown[] = [];
  for await (const event of events) given.push(event);
  return given;
}
