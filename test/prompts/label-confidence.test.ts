import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelConfidence, type TokenProbability } from '../../src/prompts/label-confidence.js';

const LABELS = ['book_service', 'book_table', 'help', 'help_me', 'unknown'];

/** `text`, with what else the model might have said there. */
function token(text: string, p = 1, rivals: Record<string, number> = {}): TokenProbability {
  const top = Object.entries({ [text]: p, ...rivals }).map(([rival, q]) => ({
    token: rival,
    logprob: Math.log(q),
  }));
  return { token: text, logprob: Math.log(p), top_logprobs: top };
}

const of = (tokens: TokenProbability[], chosen: string, labels = LABELS) =>
  labelConfidence(tokens, { property: 'intent', labels }, chosen);
const start = [token('{"'), token('intent'), token('":'), token(' "')];
const end = [token(','), token('"entities"'), token(':[]}')];

describe('labelConfidence', () => {
  it.each<[string, TokenProbability[], string, number]>([
    ['a sure choice', [token('help'), token('"')], 'help', 1],
    [
      'two labels part at the first token',
      [token('book', 0.6, { help: 0.2 }), token('_service'), token('"')],
      'book_service',
      0.75,
    ],
    [
      'two places where labels part',
      [token('book', 0.6, { help: 0.2 }), token('_service', 0.5, { _table: 0.5 }), token('"')],
      'book_service',
      0.375,
    ],
    [
      'what no label begins with is left out',
      [token('help', 0.4, { Sure: 0.5, book: 0.1 }), token('"')],
      'help',
      0.8,
    ],
    [
      'a shorter token of the same label counts for it',
      [token('book', 0.5, { b: 0.3, u: 0.2 }), token('_service'), token('"')],
      'book_service',
      0.8,
    ],
    [
      'a label that begins another one parts at its end',
      [token('help'), token('"', 0.7, { _me: 0.3 })],
      'help',
      0.7,
    ],
    ['the other way round', [token('help'), token('_me', 0.25, { '"': 0.75 }), token('"')], 'help_me', 0.25],
    ['the end quote glued to what follows', [token('help'), token('",', 0.7, { _me: 0.3 })], 'help', 0.7],
    [
      'the own token missing from the list',
      [{ ...token('help', 0.1), top_logprobs: token('book', 0.9).top_logprobs ?? [] }, token('"')],
      'help',
      0.1,
    ],
    ['unknown', [token('unknown', 0.5, { help: 0.5 }), token('"')], 'unknown', 0.5],
  ])('%s', (_, tokens, chosen, expected) => {
    expect(of([...start, ...tokens, ...end], chosen)).toBeCloseTo(expected, 10);
  });

  it('an opening quote glued to the first letters changes nothing', () => {
    const tokens = [
      token('{"intent":'),
      token(' "book', 0.6, { ' "help': 0.2, '{': 0.2 }),
      token('_service'),
      token('"}'),
    ];
    expect(of(tokens, 'book_service')).toBeCloseTo(0.75, 10);
  });

  it('a rival that ends before the label leaves every label open', () => {
    const tokens = [token('{"intent":'), token('"help', 0.5, { '"': 0.3, '"book': 0.2 }), token('"}')];
    expect(of(tokens, 'help')).toBeCloseTo(0.8, 10);
  });

  it('labels in Cyrillic, with tokens that end in the middle of a letter', () => {
    const bytes = [...Buffer.from('запись"')];
    const piece = (part: number[], p = 1, rival?: number[]): TokenProbability => ({
      token: '\uFFFD',
      bytes: part,
      logprob: Math.log(p),
      top_logprobs: [
        { token: '\uFFFD', bytes: part, logprob: Math.log(p) },
        ...(rival ? [{ token: '\uFFFD', bytes: rival, logprob: Math.log(1 - p) }] : []),
      ],
    });
    const other = [...Buffer.from('отмена')].slice(0, 3);
    const tokens = [
      token('{"intent":"'),
      piece(bytes.slice(0, 3), 0.9, other),
      piece(bytes.slice(3)),
      token('}'),
    ];
    expect(of(tokens, 'запись', ['запись', 'отмена'])).toBeCloseTo(0.9, 10);
  });

  it('is null without probabilities, for a label that is not allowed, and for one that is not there', () => {
    const bare = [...start, token('help'), token('"}')].map(({ token: text, logprob }) => ({
      token: text,
      logprob,
    }));
    expect(of(bare, 'help')).toBeNull();
    expect(of([...start, token('fly'), token('"}')], 'fly')).toBeNull();
    expect(of([...start, token('help'), token('"}')], 'unknown')).toBeNull();
    expect(of([], 'help')).toBeNull();
  });

  it('takes the answer, not a thought before it', () => {
    const thought = [
      token('<think>'),
      token('"intent":"'),
      token('help', 0.5, { book: 0.5 }),
      token('"</think>'),
    ];
    expect(of([...thought, ...start, token('help', 0.8, { book: 0.2 }), token('"}')], 'help')).toBeCloseTo(
      0.8,
      10,
    );
  });

  it('is 1 however a sure answer is split into tokens, and stays in [0, 1] whatever the rivals are', () => {
    const text = '{"intent": "book_service","entities":[]}';
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: text.length - 1 }));
    const rivals = fc.dictionary(
      fc.constantFrom('help', '"help', 'b', 'book_t', '"', 'x', '_table'),
      fc.double({ min: 0.001, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(cuts, rivals, fc.double({ min: 0.001, max: 1, noNaN: true }), (at, others, p) => {
        const edges = [0, ...at.sort((a, b) => a - b), text.length];
        const parts = edges.slice(1).map((edge, i) => text.slice(edges[i], edge));
        expect(
          of(
            parts.map((part) => token(part)),
            'book_service',
          ),
        ).toBe(1);
        const unsure = of(
          parts.map((part) => token(part, p, others)),
          'book_service',
        );
        expect(unsure).toBeGreaterThanOrEqual(0);
        expect(unsure).toBeLessThanOrEqual(1);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
