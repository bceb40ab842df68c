import { describe, expect, it } from 'vitest';
import { type BotllmError, isBotllmError } from '../../src/errors.js';
import { broken, completion, type Reply, raw, refuse } from '../support/fake-engine.js';
import { bench, failure, intent } from './setup.js';

const chat = { messages: [{ role: 'user' as const, content: 'hi' }] };
const WHOLE = '{"choices":[{"message":{"content":"hello"},"finish_reason":"stop"}]}';

/** What an engine does, the code it is known by, and the requests it takes until the call gives up. */
const FAULTS: [string, Reply, string, number][] = [
  [
    '200 with a page of a proxy',
    raw(200, '<html><h1>Bad gateway</h1></html>', 'text/html'),
    'INVALID_RESPONSE',
    1,
  ],
  ['200 with nothing', raw(200, ''), 'INVALID_RESPONSE', 1],
  ['200 with cut JSON', raw(200, WHOLE.slice(0, 30)), 'INVALID_RESPONSE', 1],
  ['200 with a list', raw(200, '[]'), 'INVALID_RESPONSE', 1],
  ['200 with null', raw(200, 'null'), 'INVALID_RESPONSE', 1],
  ['200 with an error object', raw(200, '{"error":{"message":"boom"}}'), 'INVALID_RESPONSE', 1],
  ['200 with an error text', raw(200, '{"error":"boom"}'), 'INVALID_RESPONSE', 1],
  ['200 with no choices', raw(200, '{}'), 'INVALID_RESPONSE', 1],
  ['200 with empty choices', raw(200, '{"choices":[]}'), 'INVALID_RESPONSE', 1],
  ['200 with a choice of null', raw(200, '{"choices":[null]}'), 'INVALID_RESPONSE', 1],
  ['200 with no message', raw(200, '{"choices":[{"finish_reason":"stop"}]}'), 'INVALID_RESPONSE', 1],
  [
    '200 with content null',
    raw(200, '{"choices":[{"message":{"content":null},"finish_reason":"stop"}]}'),
    'INVALID_RESPONSE',
    1,
  ],
  [
    '200 with content that is a number',
    raw(200, '{"choices":[{"message":{"content":7},"finish_reason":"stop"}]}'),
    'INVALID_RESPONSE',
    1,
  ],
  ['200 with an empty answer', completion(''), 'INVALID_RESPONSE', 1],
  ['200 filtered', completion('x', { finish: 'content_filter' }), 'INVALID_RESPONSE', 1],
  ['200 without a finish reason', completion('x', { finish: null }), 'INCOMPLETE_RESPONSE', 1],
  ['200 that thought until it was cut', completion('', { finish: 'length' }), 'INCOMPLETE_RESPONSE', 1],
  ['201', raw(201, WHOLE), 'INVALID_RESPONSE', 1],
  ['400', refuse(400, { message: 'no messages', type: 'invalid_request_error' }), 'INVALID_REQUEST', 1],
  [
    '400 too long for the context',
    refuse(400, { type: 'exceed_context_size_error', message: 'x', n_prompt_tokens: 9, n_ctx: 4 }),
    'CONTEXT_EXCEEDED',
    1,
  ],
  ['401 with an empty body', raw(401, ''), 'UNAUTHORIZED', 1],
  ['401 with a text', raw(401, '{"error":"Unauthorized"}'), 'UNAUTHORIZED', 1],
  ['403', refuse(403), 'UNAUTHORIZED', 1],
  [
    '404 for the model',
    refuse(404, { message: 'model "x" not found', type: 'not_found_error' }),
    'MODEL_NOT_SERVED',
    1,
  ],
  ['404 with a page', raw(404, '<html></html>', 'text/html'), 'INVALID_REQUEST', 1],
  ['413', raw(413, 'too large', 'text/plain'), 'PROMPT_TOO_LONG', 1],
  ['422 as a text', raw(422, '{"error":"bad grammar","error_type":"validation"}'), 'INVALID_REQUEST', 1],
  ['408', refuse(408), 'TIMEOUT', 2],
  ['424', raw(424, '{"error":"cuda","error_type":"generation"}'), 'ENGINE_ERROR', 3],
  ['429', refuse(429), 'ENGINE_OVERLOADED', 3],
  ['500', refuse(500), 'ENGINE_ERROR', 3],
  ['500 with a page', raw(500, '<html></html>', 'text/html'), 'ENGINE_ERROR', 3],
  ['502 with nothing', raw(502, ''), 'ENGINE_ERROR', 3],
  [
    '503 loading',
    refuse(503, { message: 'Loading model', type: 'unavailable_error' }),
    'ENGINE_NOT_READY',
    3,
  ],
  ['503 full', refuse(503, { message: 'queue full', type: 'unavailable_error' }), 'ENGINE_OVERLOADED', 3],
  ['a connection that is closed at once', broken(), 'ENGINE_UNREACHABLE', 3],
  ['a connection that breaks in the body', broken(WHOLE.slice(0, 20)), 'ENGINE_UNREACHABLE', 3],
];

describe('whatever an engine answers has a name', () => {
  it.each(FAULTS)('%s', async (_, reply, code, requests) => {
    const { llm, engine } = await bench({ maxRetries: 2, random: () => 1 });
    engine.answerWith(reply);
    const error = await failure(llm.chat(chat, { requestId: 'r-9' }));
    expect(isBotllmError(error), String(error)).toBe(true);
    expect(error).toMatchObject({ code, requestId: 'r-9' });
    expect(engine.seen).toHaveLength(requests);
  });

  it.each(FAULTS)('a task falls back, and nothing is kept: %s', async (_, reply, code) => {
    const { llm, engine } = await bench({ maxRetries: 0 });
    engine.script(reply);
    const result = await llm.complete(intent('hi'));
    // A text that is no JSON object is asked again, and the second answer is good.
    if (result.source === 'model') expect(result.attempts).toBe(2);
    else {
      expect(result.data).toEqual({ intent: 'unknown', confidence: null, entities: {} });
      expect(JSON.parse(result.content)).toEqual(result.data);
      expect(result).toMatchObject({
        source: 'fallback',
        cached: false,
        finishReason: null,
        error: { code },
      });
    }
  });

  it('an engine that is not there', async () => {
    const { llm, engine } = await bench({ maxRetries: 0 });
    await engine.close();
    const error = (await failure(llm.chat(chat))) as BotllmError;
    expect(error).toMatchObject({ code: 'ENGINE_UNREACHABLE', detail: 'ECONNREFUSED' });
    expect(error.cause).toBeDefined();
    expect(error.message).toBe(`Nothing answers at ${engine.url}`);
  });

  it('a reply that never ends is cut at a bound', async () => {
    const { llm, engine } = await bench({ maxRetries: 0 });
    engine.answerWith(async (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      while (!response.destroyed) {
        if (!response.write('x'.repeat(1 << 20))) await new Promise((resolve) => setTimeout(resolve, 1));
      }
    });
    expect(await failure(llm.chat(chat))).toMatchObject({ code: 'INVALID_RESPONSE' });
    await expect.poll(() => engine.seen[0]?.closedEarly).toBe(true);
  });
});
