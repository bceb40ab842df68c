import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Piece, RawTrace } from '../../../src/bench/trace/raw-trace.js';
import { readTrace } from '../../../src/bench/trace/read-trace.js';
import { createSseSplitter } from '../../../src/bench/trace/sse-lines.js';
import { content, delta, done, finish, recorded, usageEvent } from './recorded.js';

const breaks = fc.constantFrom('\n', '\r\n', '\r');
/** Events with everything that a cut may fall into: Cyrillic, emoji, comments, ids, spaces that are left out. */
const body = fc
  .tuple(
    breaks,
    fc.array(
      fc.oneof(
        fc.constantFrom(content('Привет 👩‍👩‍👧'), content('а'), content(''), delta({ role: 'assistant' })),
        fc.constantFrom(': ping\n\n', 'id:\ndata:{"choices":[{"delta":{"content":"x"}}]}\n\n'),
        fc.string({ unit: 'grapheme', maxLength: 9 }).map((text) => content(text)),
      ),
      { maxLength: 12 },
    ),
  )
  .map(([lineBreak, events]) =>
    [...events, finish(), usageEvent(12), done].join('').replaceAll('\n', lineBreak),
  );

/** When each byte arrives: some milliseconds after the one before it, at the cuts; together between them. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Piece[] {
  const at = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
  const bounds = [0, ...at.filter((cut) => cut > 0), bytes.length];
  return bounds.slice(1).map((end, i) => ({ at: 1000 + 10 * i, bytes: bytes.subarray(bounds[i], end) }));
}

const traceOf = (split: Piece[]): RawTrace => ({
  ...recorded([]),
  pieces: split,
  end: { at: 9999, how: 'complete' },
});

test('wherever the bytes are cut, the same is read, and moments move only as the pieces did', () => {
  fc.assert(
    fc.property(body, fc.array(fc.nat(), { maxLength: 20 }), (text, cuts) => {
      const bytes = Buffer.from(text);
      const whole = readTrace(traceOf([{ at: 1000, bytes }]));
      const split = pieces(bytes, cuts);
      const cut = readTrace(traceOf(split));
      const { contentAt, firstEventAt, firstOutputAt, choices, ...same } = cut;
      expect(choices?.count).toBe(whole.choices?.count);
      expect(same).toEqual({
        ...whole,
        contentAt: undefined,
        firstEventAt: undefined,
        firstOutputAt: undefined,
        choices: undefined,
      });
      expect(contentAt.length).toBe(whole.contentAt.length);
      // Each event has the moment of the piece in which its line of data ended: found again byte by byte.
      const single = split.flatMap((piece) =>
        [...piece.bytes].map((byte) => ({ at: piece.at, bytes: Uint8Array.of(byte) })),
      );
      expect(readTrace(traceOf(single)).contentAt).toEqual(contentAt);
    }),
    { numRuns: 300 },
  );
});

test('an event is there with its line of data, not with the empty line that comes later', () => {
  const splitter = createSseSplitter();
  expect(splitter.push(Buffer.from('data: {"a":1}\n'), 5)).toEqual([]);
  expect(splitter.push(Buffer.from('\n'), 25)).toEqual([{ data: '{"a":1}', at: 5 }]);
});

test('several events in one packet are several events of one moment', () => {
  const found = readTrace(
    recorded([
      [200, content('a') + content('b')],
      [230, content('c') + finish() + done],
    ]),
  );
  expect(found.contentAt).toEqual([1200, 1200, 1230]);
});

test('a byte-order mark, comments and unknown fields are passed over', () => {
  const splitter = createSseSplitter();
  const text = '\ufeff: hello\nretry: 5\nid: 7\ndata:a\ndata: b\n\nevent: error\ndata: c\n\n';
  expect(splitter.push(Buffer.from(text), 1)).toEqual([
    { data: 'a\nb', at: 1 },
    { data: 'c', at: 1, name: 'error' },
  ]);
});
