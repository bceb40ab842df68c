import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerText } from '../../../src/engines/embedded/generate/answer-text.js';
import { JsonEnd } from '../../../src/engines/embedded/generate/json-end.js';
import { StopFilter } from '../../../src/engines/embedded/generate/stop-filter.js';
import { ThoughtFilter } from '../../../src/engines/embedded/generate/thought-filter.js';
import { TokenText } from '../../../src/engines/embedded/generate/token-text.js';

/** Tokens that are single bytes: the hardest vocabulary for whole characters. */
const bytesToText = (tokens: readonly number[]) => Buffer.from(tokens).toString('utf8');
const bytesOf = (text: string) => [...Buffer.from(text, 'utf8')];

function cutAt(text: string, cuts: number[]): string[] {
  const points = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...points].map((from, i) => text.slice(from, points[i] ?? text.length));
}

describe('stop strings', () => {
  it('never shows any part of a stop string, however the text is cut into tokens', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '#'), maxLength: 30 }),
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '#'), minLength: 1, maxLength: 4 }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.array(fc.nat(), { maxLength: 10 }),
        (text, stops, cuts) => {
          const filter = new StopFilter(stops);
          const shown =
            cutAt(text, cuts)
              .map((piece) => filter.push(piece))
              .join('') + filter.end();
          const at = Math.min(...stops.map((stop) => text.indexOf(stop)).filter((i) => i >= 0), text.length);
          expect(shown).toBe(text.slice(0, at));
          expect(filter.stopped).toBe(
            at < text.length || stops.some((stop) => text.endsWith(stop) && at < text.length),
          );
        },
      ),
      { seed: 7 },
    );
  });

  it('gives back what only looked like a stop string', () => {
    const filter = new StopFilter(['END']);
    expect(filter.push('abcE')).toBe('abc');
    expect(filter.push('x')).toBe('Ex');
    expect(filter.push('EN')).toBe('');
    expect(filter.end()).toBe('EN');
  });
});

describe('thoughts', () => {
  it('removes a leading thought in whatever pieces it comes', () => {
    const text = '\n<think>\nhm </thin k>\n</think>\n\nHello <think>kept</think>';
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (cuts) => {
        const filter = new ThoughtFilter();
        const shown =
          cutAt(text, cuts)
            .map((piece) => filter.push(piece))
            .join('') + filter.end();
        expect(shown).toBe('Hello <think>kept</think>');
      }),
      { seed: 7 },
    );
  });

  it('leaves every other beginning alone', () => {
    for (const text of ['<thinner', '  <b>', 'plain', '<', '']) {
      const filter = new ThoughtFilter();
      expect([...text].map((char) => filter.push(char)).join('') + filter.end()).toBe(text);
    }
  });

  it('shows nothing of a thought that was cut off', () => {
    const filter = new ThoughtFilter();
    expect(filter.push('<think>secret plan') + filter.end()).toBe('');
  });
});

describe('characters over several tokens', () => {
  it('never emits half a character, in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(text.isWellFormed() && !text.includes('\uFFFD'));
        const decoder = new TokenText(bytesToText);
        const parts = bytesOf(text).map((byte) => decoder.push(byte));
        for (const part of parts) expect(part).not.toContain('\uFFFD');
        expect(parts.join('') + decoder.end()).toBe(text);
      }),
      { seed: 7 },
    );
  });

  it('drops half a character at the end', () => {
    const decoder = new TokenText(bytesToText);
    const shown = bytesOf('да')
      .slice(0, 3)
      .map((byte) => decoder.push(byte))
      .join('');
    expect(shown + decoder.end()).toBe('д');
  });

  it('goes on after bytes that are no character at all', () => {
    const decoder = new TokenText(bytesToText);
    const shown = [0xff, 0xff, 0xff, 0xff, 0x41].map((byte) => decoder.push(byte)).join('') + decoder.end();
    expect(shown.endsWith('A')).toBe(true);
  });
});

describe('the end of a JSON document', () => {
  it('is where the outermost bracket closes, however the text is cut', () => {
    fc.assert(
      fc.property(fc.json(), fc.array(fc.nat(), { maxLength: 8 }), (json, cuts) => {
        fc.pre(/^[[{"]/.test(json));
        const text = `${json}\n\n\n\nmore`;
        const end = new JsonEnd();
        let read = 0;
        for (const piece of cutAt(text, cuts)) {
          const length = end.push(piece);
          if (length !== null) {
            expect(text.slice(0, read + length)).toBe(json);
            return;
          }
          read += piece.length;
        }
        expect.unreachable('no end was found');
      }),
      { seed: 7 },
    );
  });
});

describe('an answer', () => {
  it('ends with its JSON document and shows nothing after it', () => {
    const answer = new AnswerText({ detokenize: bytesToText, stops: [], json: true, dropThought: false });
    let shown = '';
    for (const byte of bytesOf('{"a":"}ж"}\n\n')) {
      shown += answer.push(byte);
      if (answer.ended) break;
    }
    expect(shown + answer.end()).toBe('{"a":"}ж"}');
    expect(answer.ended).toBe(true);
  });

  it('looks for stop strings in what is shown, not in the thought before it', () => {
    const answer = new AnswerText({
      detokenize: bytesToText,
      stops: ['STOP'],
      json: false,
      dropThought: true,
    });
    let shown = '';
    for (const byte of bytesOf('<think>STOP</think>yes STOP no')) shown += answer.push(byte);
    expect(shown + answer.end()).toBe('yes ');
  });
});
