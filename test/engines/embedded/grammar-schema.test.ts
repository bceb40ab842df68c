import { describe, expect, it } from 'vitest';
import { toGrammarSchema } from '../../../src/engines/embedded/generate/grammar-schema.js';
import { WireError } from '../../../src/openai-http/wire-error.js';

describe('a schema for a grammar', () => {
  it('keeps what the grammar can hold', () => {
    expect(
      toGrammarSchema({
        type: 'object',
        title: 'Intent',
        properties: {
          intent: { enum: ['book', 'unknown'] },
          note: { type: ['string', 'null'], maxLength: 40 },
          when: { type: 'string', format: 'date' },
          tags: { type: 'array', items: { type: 'string', maxLength: 10 }, maxItems: 3 },
        },
        required: ['intent'],
        additionalProperties: false,
      }),
    ).toEqual({
      type: 'object',
      properties: {
        intent: { enum: ['book', 'unknown'] },
        note: { oneOf: [{ type: 'string', maxLength: 40 }, { type: 'null' }] },
        when: { type: 'string', format: 'date' },
        tags: { type: 'array', items: { type: 'string', maxLength: 10 }, maxItems: 3 },
      },
      additionalProperties: false,
    });
  });

  it('leaves a map of bounded size open for any key', () => {
    expect(
      toGrammarSchema({ type: 'object', additionalProperties: { type: 'string' }, maxProperties: 4 }),
    ).toEqual({
      type: 'object',
      properties: {},
      additionalProperties: { type: 'string' },
      maxProperties: 4,
    });
    expect(toGrammarSchema({ type: 'object' })).toMatchObject({ additionalProperties: true });
  });

  it('follows references to definitions', () => {
    expect(
      toGrammarSchema({
        $defs: { item: { type: 'string' } },
        type: 'array',
        items: { $ref: '#/$defs/item' },
      }),
    ).toEqual({ $defs: { item: { type: 'string' } }, type: 'array', items: { $ref: '#/$defs/item' } });
  });

  it.each([
    ['pattern', { type: 'string', pattern: '^a' }, '"pattern"'],
    ['allOf', { allOf: [{ type: 'string' }] }, '"allOf"'],
    ['not', { not: { type: 'string' } }, '"not"'],
    ['a reference to nothing', { $ref: '#/$defs/none' }, 'not a definition'],
    ['a remote reference', { $ref: 'http://example.org/x' }, 'not a definition'],
    ['an unknown type', { type: 'date' }, '"date"'],
    ['no type at all', { description: 'x' }, 'no type'],
    [
      'a nested one',
      { type: 'object', properties: { a: { type: 'string', pattern: 'x' } } },
      '#/properties/a',
    ],
    ['something that is no schema', { type: 'array', items: 5 }, 'not a schema'],
  ])('refuses %s by name, with 400, instead of letting it go unheld', (_name, schema, words) => {
    expect.assertions(3);
    try {
      toGrammarSchema(schema);
    } catch (error) {
      expect(error).toBeInstanceOf(WireError);
      expect((error as WireError).status).toBe(400);
      expect((error as WireError).message).toContain(words);
    }
  });
});
