import { deflateRawSync } from 'node:zlib';
import type { ErrorCode } from '../../src/errors.js';
import {
  broken,
  completion,
  event,
  type Reply,
  raw,
  refuse,
  silent,
  stalledBody,
  startStream,
} from './fake-engine.js';
import { begun, drip, emptyEvents, endless, endlessLine, notHttp, pings } from './fault-replies.js';

/** What an engine may do to a call, and how the call ends when it does nothing else. */
export interface EngineFault {
  name: string;
  reply: Reply;
  code: ErrorCode;
  /** Requests that the engine gets from one call with three retries. */
  hits: number;
}

const WHOLE = '{"choices":[{"message":{"content":"hello"},"finish_reason":"stop"}]}';
const choice = (inner: string) => raw(200, `{"choices":[${inner}]}`);

const fault =
  (code: ErrorCode, hits: number) =>
  (name: string, reply: Reply): EngineFault => ({
    name,
    reply,
    code,
    hits,
  });
const garbage = fault('INVALID_RESPONSE', 1);
const refused = fault('INVALID_REQUEST', 1);
const ill = fault('ENGINE_ERROR', 4);
const cutOff = fault('ENGINE_UNREACHABLE', 4);
const unfinished = fault('INCOMPLETE_RESPONSE', 1);

/** Faults that end every kind of call alike, before anything of an answer was there. */
export const FAULTS: readonly EngineFault[] = [
  garbage('200 with a page of a proxy', raw(200, '<html><h1>Bad gateway</h1></html>', 'text/html')),
  garbage('200 with nothing', raw(200, '')),
  garbage('200 with cut JSON', raw(200, WHOLE.slice(0, 30))),
  garbage('200 with something behind the JSON', raw(200, `${WHOLE}\n}`)),
  garbage('200 with bytes that are no text', raw(200, Buffer.from([0xff, 0xfe, 0x00, 0x80]))),
  garbage('200 with a list', raw(200, '[]')),
  garbage('200 with null', raw(200, 'null')),
  garbage('200 with a number', raw(200, '42')),
  garbage('200 with lists in lists without end', raw(200, '['.repeat(100_000) + ']'.repeat(100_000))),
  garbage('200 with an error object', raw(200, '{"error":{"message":"boom"}}')),
  garbage('200 with an error text', raw(200, '{"error":"boom"}')),
  garbage('200 with an error beside an answer', raw(200, `{"error":{"message":"boom"},${WHOLE.slice(1)}`)),
  garbage('200 with no choices', raw(200, '{}')),
  garbage('200 with empty choices', raw(200, '{"choices":[]}')),
  garbage('200 with choices that are no list', raw(200, '{"choices":{"0":{}}}')),
  garbage('200 with a choice of null', choice('null')),
  garbage('200 with no message', choice('{"finish_reason":"stop"}')),
  garbage('200 with content null', choice('{"message":{"content":null},"finish_reason":"stop"}')),
  garbage('200 with content that is a number', choice('{"message":{"content":7},"finish_reason":"stop"}')),
  garbage('200 with a message that is a text', choice('{"message":"hello","finish_reason":"stop"}')),
  garbage('200 filtered', completion('x', { finish: 'content_filter' })),
  garbage('200 that calls a tool', completion('x', { finish: 'tool_calls' })),
  garbage('200 with a finish that reaches for a prototype', completion('x', { finish: '__proto__' })),
  unfinished('200 without a finish reason', completion('x', { finish: null })),
  garbage('201', raw(201, WHOLE)),
  garbage('204', raw(204, '')),
  garbage('a redirect to itself', raw(307, '', 'text/plain', { location: '/v1/chat/completions' })),
  garbage('a redirect to nowhere', raw(302, '', 'text/plain', { location: 'http://127.0.0.1:1/' })),
  refused('400', refuse(400, { message: 'no messages', type: 'invalid_request_error' })),
  refused('404 with a page', raw(404, '<html></html>', 'text/html')),
  refused('422 as a text', raw(422, '{"error":"bad grammar","error_type":"validation"}')),
  fault('CONTEXT_EXCEEDED', 1)(
    '400 too long for the context',
    refuse(400, { type: 'exceed_context_size_error', message: 'x', n_prompt_tokens: 9, n_ctx: 4 }),
  ),
  fault('UNAUTHORIZED', 1)('401 with an empty body', raw(401, '')),
  fault('UNAUTHORIZED', 1)('401 with a text', raw(401, '{"error":"Unauthorized"}')),
  fault('UNAUTHORIZED', 1)('403', refuse(403)),
  fault('MODEL_NOT_SERVED', 1)('404 for the model', refuse(404, { message: 'model "x" not found' })),
  fault('PROMPT_TOO_LONG', 1)('413', raw(413, 'too large', 'text/plain')),
  fault('TIMEOUT', 2)('408', refuse(408)),
  fault('TIMEOUT', 2)('silence', silent),
  fault('TIMEOUT', 2)('silence behind the head', stalledBody),
  fault('TIMEOUT', 2)('a byte now and then', drip(WHOLE, 50)),
  ill('424', raw(424, '{"error":"cuda","error_type":"generation"}')),
  ill('500', refuse(500)),
  ill('500 with a page', raw(500, '<html></html>', 'text/html')),
  ill('502 with nothing', raw(502, '')),
  fault('ENGINE_OVERLOADED', 4)('429', refuse(429)),
  fault('ENGINE_OVERLOADED', 4)(
    '503 full',
    refuse(503, { message: 'queue full', type: 'unavailable_error' }),
  ),
  fault('ENGINE_NOT_READY', 4)('503 loading', refuse(503, { message: 'Loading model' })),
  cutOff('a connection that is closed at once', broken()),
  cutOff('a connection that breaks in the body', broken(WHOLE.slice(0, 20))),
  cutOff('a body that is shorter than announced', (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write(WHOLE, () => response.socket?.end());
  }),
  garbage(
    'a body that says it is packed and is not',
    raw(200, WHOLE, undefined, { 'content-encoding': 'gzip' }),
  ),
  garbage(
    'a body that is packed and cut',
    raw(200, deflateRawSync(WHOLE).subarray(0, 9), undefined, { 'content-encoding': 'deflate' }),
  ),
  cutOff('something that is not HTTP', notHttp('SSH-2.0-OpenSSH_9.2\r\n')),
  cutOff('a head without end', notHttp(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`)),
];

/** Faults of a stream whose beginning was there: nothing is tried again behind it. */
export const STREAM_FAULTS: readonly EngineFault[] = [
  unfinished(
    'a clean end, no finish reason, [DONE]',
    begun((response) => void response.end('data: [DONE]\n\n')),
  ),
  unfinished(
    'a clean end, no finish reason, no [DONE]',
    begun((response) => void response.end()),
  ),
  unfinished(
    'a clean end in the middle of an event',
    begun((response) => void response.end('data: {"choices":[{"delta":{"con')),
  ),
  fault('ENGINE_UNREACHABLE', 1)(
    'a reset',
    begun((response) => void response.destroy()),
  ),
  fault('TIMEOUT', 1)('a stall', begun(silent)),
  fault('TIMEOUT', 1)('pings only', begun(pings)),
  fault('TIMEOUT', 1)('events without content only', begun(emptyEvents)),
  garbage(
    'an event that is no JSON',
    begun((response) => void response.end('data: {"choi\n\n')),
  ),
  garbage(
    'an event of another interface that is no JSON',
    begun((response) => void response.end('event: thread.run\ndata: {"canary-in-event\n\n')),
  ),
  garbage(
    'an event that is a list',
    begun((response) => void response.end('data: []\n\n')),
  ),
  garbage(
    'a finish that nobody knows',
    begun((response) => event(response, { choices: [{ delta: {}, finish_reason: 'tired' }] })),
  ),
  fault('ENGINE_ERROR', 1)(
    'an error',
    begun((response) => event(response, { error: { message: 'boom' } })),
  ),
  fault('ENGINE_ERROR', 1)(
    'an error with a status that is none',
    begun((response) => event(response, { error: { message: 'boom', code: 99_999 } })),
  ),
];

/** Refusals inside a stream, before its first content. */
export const EARLY_STREAM_FAULTS: readonly EngineFault[] = [
  fault('ENGINE_OVERLOADED', 4)('the error of a full engine as the first event', (response) => {
    startStream(response);
    event(response, { error: { message: 'Model is overloaded', http_status_code: 429 } });
    response.end();
  }),
  garbage('a stream without an event', (response) => {
    startStream(response);
    response.end();
  }),
  garbage('a stream of [DONE] alone', (response) => {
    startStream(response);
    response.end('data: [DONE]\n\n');
  }),
  garbage('a stream that is whole and says nothing', (response) => {
    startStream(response);
    event(response, { choices: [{ delta: {}, finish_reason: 'stop' }] });
    response.end('data: [DONE]\n\n');
  }),
  unfinished('a stream that thought until it was cut', (response) => {
    startStream(response);
    event(response, { choices: [{ delta: {}, finish_reason: 'length' }] });
    response.end('data: [DONE]\n\n');
  }),
  fault('TIMEOUT', 2)('a stream of pings before anything', (response, request) => {
    startStream(response);
    return pings(response, request);
  }),
];

/** Servers that never stop talking. Each call takes megabytes, so these are not asked beside others. */
export const ENDLESS_FAULTS: readonly EngineFault[] = [
  garbage('200 with a body that never ends', endless(200)),
  ill('500 with a body that never ends', endless(500)),
];
export const ENDLESS_STREAM_FAULTS: readonly EngineFault[] = [
  garbage('a line that never ends', begun(endlessLine)),
];
