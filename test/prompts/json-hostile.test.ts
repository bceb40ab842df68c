import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBotllmError } from '../../src/errors.js';
import { LLMPrompts } from '../../src/prompts/llm-prompts.js';

const read = (text: string, finishReason: 'stop' | 'length' = 'stop') => {
  try {
    return LLMPrompts.parseJsonResponse(text, { finishReason });
  } catch (error) {
    if (isBotllmError(error)) return error.code;
    throw error;
  }
};
/** Text with what JSON, templates and models stumble over, in any order. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '\\',
        ',',
        ':',
        '```json\n',
        '```',
        '<think>',
        '</think>',
        '{{x}}',
      ),
      fc.constantFrom(
        '"__proto__":',
        '"constructor":{',
        '\u202e',
        '\u0000',
        '\ud800',
        '👩‍👩‍👧',
        'null',
        '//',
        '/*',
        '\\u0',
        '1e999',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    ),
    { maxLength: 20 },
  )
  .map((pieces) => pieces.join(''));
const key = fc
  .string({ maxLength: 8 })
  .filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name));
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(
      hostile.map((text) => text.toWellFormed()),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(key, tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;
const object = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });
const options = { numRuns: 1000, seed: 11 };
/** -0 is 0 in JSON. */
const plain = (given: unknown) => JSON.parse(JSON.stringify(given));

describe('whatever a model answers', () => {
  it.each([
    '{"a":{"__proto__":{"x":1},"b":1}}',
    '{"a":{"\\u005f_proto__":{"x":1},"b":1}}',
    '{"a":{"constr\\u0075ctor":{"x":1},"b":1}}',
  ])('loses the names that reach a prototype, in disguise as well: %s', (text) => {
    const { a } = LLMPrompts.parseJsonResponse(text) as { a: object };
    expect(Object.getOwnPropertyNames(a)).toEqual(['b']);
  });

  it('reading it gives an object or one of two errors, and never touches a prototype', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const result = read(text);
        if (typeof result === 'string') return void expect(result).toBe('INVALID_ANSWER');
        expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
        expect(JSON.stringify(result)).not.toMatch(/"(__proto__|constructor|prototype)":/);
        expect(({} as Record<string, unknown>).x).toBeUndefined();
      }),
      options,
    );
  });

  it('an object comes back as it was, bare, indented, fenced, or with words around it', () => {
    const words = fc.string({ maxLength: 20 }).filter((text) => !/[{}`<]/.test(text));
    fc.assert(
      fc.property(object, words, words, (given, before, behind) => {
        const text = JSON.stringify(given);
        const wrapped = [
          `\`\`\`json\n${text}\n\`\`\``,
          `${before}\n${text}\n${behind}`,
          `<think>{"a":1}</think>${text}`,
        ];
        // What looks like a thought is cut out of an answer that does not begin with its object: refused, not misread.
        const isSafe = !text.includes('<think>');
        for (const answer of [text, JSON.stringify(given, null, 2), ...(isSafe ? wrapped : [])]) {
          expect(read(answer)).toEqual(plain(given));
        }
      }),
      options,
    );
  });

  it('a cut answer is never taken, wherever it was cut and whatever stands before it', () => {
    fc.assert(
      fc.property(object, hostile, fc.nat(), (given, before, at) => {
        const text = before + JSON.stringify(given);
        expect(read(text.slice(0, at % (text.length + 1)), 'length')).toBe('INCOMPLETE_RESPONSE');
      }),
      options,
    );
  });

  it('a label whose end is missing is never completed, even when the engine calls the answer whole', () => {
    fc.assert(
      fc.property(object, fc.nat(), (given, at) => {
        const text = JSON.stringify({ intent: 'cancel_order', ...given });
        const result = read(text.slice(0, at % text.length));
        expect(result).toBe('INVALID_ANSWER');
      }),
      options,
    );
  });

  it('a megabyte is read in no time', () => {
    for (const piece of ['{', '}', '{"a":', '[', '"', '\\', '<think>', '```', '{}', 'a ', '{"a":1},']) {
      read(piece.repeat(1_000_000 / piece.length));
    }
  });
});
