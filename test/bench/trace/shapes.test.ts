import { describe, expect, test } from 'vitest';
import { readTrace } from '../../../src/bench/trace/read-trace.js';
import {
  content,
  delta,
  done,
  event,
  figures,
  finish,
  recorded,
  stream,
  usage,
  usageEvent,
} from './recorded.js';

const END = [1480, finish()] as const;
const tail = (...counts: Parameters<typeof usage>) =>
  [END, [1480, usageEvent(...counts)], [1481, done]] as const;

describe('golden traces', () => {
  test('64 tokens, the first at 200 ms, one each 20 ms', () => {
    const found = figures(recorded([[2, delta({ role: 'assistant' })], ...stream(64), ...tail(64, 128)]));
    expect(found).toEqual({
      lagMs: 0,
      ttfbMs: 1,
      ttftMs: 200,
      ttftScheduledMs: 200,
      ttfoMs: 200,
      tpotMs: 20,
      decodeTps: 50,
      gapsMs: Array(63).fill(20),
      e2eMs: 1460,
      e2eScheduledMs: 1460,
      prefillTpsClient: 640,
      prefillTpsServer: undefined,
      decodeTpsServer: undefined,
      outputTokens: 64,
      tokenSource: 'usage',
      promptTokens: 128,
      cachedTokens: undefined,
      chunksPerToken: 1,
      finish: 'stop',
      flags: [],
    });
  });

  test.each([2, 4, 8, 16])('%i tokens an event give the same time per token', (k) => {
    const found = figures(recorded([...stream(64 / k, 20 * k), ...tail(64)]));
    expect([found?.tpotMs, found?.decodeTps, found?.chunksPerToken]).toEqual([20, 50, 1 / k]);
    expect(found?.flags).toEqual(['first_chunk_assumed']);
  });

  test('a first event that bundles eight tokens does not speed decoding up', () => {
    const pieces = stream(57, 20, (i) => (i === 0 ? 'word '.repeat(8) : 'word '));
    const found = figures(recorded([...pieces, ...tail(64)]));
    expect([found?.tpotMs, found?.flags]).toEqual([20, ['first_chunk_assumed']]);
  });

  test('a running count of tokens tells what the first event held', () => {
    const pieces = [8, 20, 40, 64].map((n, i) => [200 + i * 100, content('w', usage(n))] as const);
    const found = figures(recorded([...pieces, END, [1481, done]]));
    expect([found?.tpotMs, found?.outputTokens, found?.flags]).toEqual([300 / 56, 64, []]);
  });

  test('token numbers are counted where there is no usage', () => {
    const ids = (n: number) =>
      event({ choices: [{ index: 0, delta: { content: 'x' }, token_ids: Array(n).fill(7) }] });
    const found = figures(
      recorded([
        [200, ids(4)],
        [280, ids(4)],
        [360, ids(4)],
        [380, finish()],
        [381, done],
      ]),
    );
    expect([found?.outputTokens, found?.tokenSource, found?.tpotMs]).toEqual([12, 'token_ids', 20]);
  });

  test('without any count the events are counted, and the source says so', () => {
    const found = figures(recorded([...stream(20), END, [1481, done]]));
    expect([found?.outputTokens, found?.tokenSource, found?.tpotMs]).toEqual([20, 'chunks', 20]);
  });

  test("the server's own clock stands beside ours and replaces nothing", () => {
    const timings = { prompt_n: 100, prompt_ms: 250, predicted_n: 64, predicted_ms: 1600, cache_n: 0 };
    const found = figures(recorded([...stream(64), [1480, finish('length', { timings })], ...tail(64)]));
    expect([found?.tpotMs, found?.decodeTpsServer, found?.prefillTpsServer]).toEqual([20, 40, 400]);
  });

  test('usage on the finishing event counts, too', () => {
    const found = figures(recorded([...stream(64), [1480, finish('stop', usage(64))], [1481, done]]));
    expect([found?.outputTokens, found?.tokenSource]).toEqual([64, 'usage']);
  });
});

describe('the first token', () => {
  test('is neither a role nor empty content', () => {
    const found = figures(
      recorded([
        [1, delta({ role: 'assistant' })],
        [2, content('')],
        [3, delta({ content: null })],
        ...stream(9),
        ...tail(9),
      ]),
    );
    expect(found?.ttftMs).toBe(200);
  });

  test.each(['reasoning', 'reasoning_content'])('may be %s; the first output is told apart', (field) => {
    const found = figures(recorded([[150, delta({ [field]: 'hm' })], ...stream(10), ...tail(11)]));
    expect([found?.ttftMs, found?.ttfoMs]).toEqual([150, 200]);
  });

  test("may be a tool's text", () => {
    const call = (args: string) => delta({ tool_calls: [{ index: 0, function: { arguments: args } }] });
    const found = figures(
      recorded([
        [120, call('{"a":')],
        [140, call('1}')],
        [150, finish('tool_calls')],
        [151, done],
      ]),
    );
    expect([found?.ttftMs, found?.ttfoMs, found?.finish]).toEqual([120, 120, 'tool_calls']);
  });

  test('of a completion is its text', () => {
    const text = (t: string) => event({ choices: [{ index: 0, text: t, finish_reason: null }] });
    expect(
      figures(
        recorded([
          [90, text('a')],
          [99, text('b')],
          [100, finish()],
        ]),
      )?.ttftMs,
    ).toBe(90);
  });
});

describe('what was not measured is absent', () => {
  test('an answer in one event has no time per token', () => {
    const found = figures(recorded([[900, content('all of it')], ...tail(64)]));
    expect([found?.ttftMs, found?.tpotMs, found?.decodeTps, found?.gapsMs]).toEqual([
      900,
      undefined,
      undefined,
      [],
    ]);
  });

  test('nor has one that ended after seven more tokens', () => {
    expect(figures(recorded([...stream(8), ...tail(8)]))?.tpotMs).toBeUndefined();
    expect(figures(recorded([...stream(9), ...tail(9)]))?.tpotMs).toBe(20);
  });

  test('a cached or a short prompt has no prefill speed', () => {
    expect(figures(recorded([...stream(9), ...tail(9, 200, 190)]))).toMatchObject({
      prefillTpsClient: undefined,
      cachedTokens: 190,
      flags: ['cached'],
    });
    expect(figures(recorded([...stream(9), ...tail(9, 63, 0)]))?.prefillTpsClient).toBeUndefined();
    expect(figures(recorded([...stream(9), ...tail(9, 200, 0)]))?.prefillTpsClient).toBe(1000);
  });
});

describe('what came from a cache', () => {
  test('is no work of the engine: a template that is always shared is taken off', () => {
    expect(figures(recorded([...stream(9), ...tail(9, 1000, 10)]))).toMatchObject({
      prefillTpsClient: 4950,
      flags: [],
    });
  });

  test("is told by the engine's own clock where usage does not tell it", () => {
    const timings = { prompt_n: 10, prompt_ms: 250, predicted_n: 9, predicted_ms: 160, cache_n: 190 };
    const found = figures(recorded([...stream(9), [1480, finish('length', { timings })], ...tail(9, 200)]));
    expect([found?.cachedTokens, found?.flags, found?.prefillTpsServer]).toEqual([
      190,
      ['cached'],
      undefined,
    ]);
  });
});

describe('a failed request has no figures, and its kind of failure', () => {
  const failureOf = (...args: Parameters<typeof recorded>) => {
    const trace = readTrace(recorded(...args));
    return [trace.failure, figures(recorded(...args))];
  };

  test('an error inside a 200, named or not', () => {
    const error = event({ error: { message: 'out of memory' } });
    expect(failureOf([...stream(5), [400, error]])).toEqual(['stream_error', null]);
    expect(failureOf([...stream(5), [400, 'event: error\ndata: {"message":"no"}\n\n']])).toEqual([
      'stream_error',
      null,
    ]);
    expect(readTrace(recorded([[400, error]])).reason).toBe('out of memory');
  });

  test('a refusal by status, with its reason', () => {
    const refusal = recorded([[5, '{"error":{"message":"slow down"}}']], { status: 429, retryAfterS: 2 });
    expect([readTrace(refusal).failure, readTrace(refusal).reason]).toEqual(['http_429', 'slow down']);
  });

  test('a stream that is cut, one without an answer, a timeout, a broken connection', () => {
    expect(failureOf(stream(5))).toEqual(['cut', null]);
    expect(failureOf([[5, ': nothing\n\n']])).toEqual(['no_answer', null]);
    expect(failureOf(stream(5), { end: { at: 9000, how: 'timeout' } })).toEqual(['timeout', null]);
    expect(failureOf(stream(5), { end: { at: 9000, how: 'reset' } })).toEqual(['reset', null]);
    expect(failureOf([], { end: { at: 1001, how: 'refused' }, status: undefined })).toEqual([
      'refused',
      null,
    ]);
  });

  test('an answer that was whole before the connection broke is an answer', () => {
    expect(failureOf([...stream(9), ...tail(9)], { end: { at: 9000, how: 'reset' } })[0]).toBeUndefined();
  });
});
