import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromChat, fromPrompt } from '../../src/client/requests.js';
import { sanitise, sanitiseText } from '../../src/client/sanitise.js';

const TOKENS = [
  '<|im_start|>',
  '<|im_end|>',
  '<|end|>',
  '<|endoftext|>',
  '<|eot_id|>',
  '<|start_header_id|>',
  '<|user|>',
  '<｜User｜>',
  '<start_of_turn>',
  '<end_of_turn>',
  '[INST]',
  '[/INST]',
  '<<SYS>>',
  '<</SYS>>',
  '<s>',
  '</s>',
  '<bos>',
  '<eos>',
  '<think>',
  '</think>',
  '<S>',
  '[inst]',
];

describe('sanitise', () => {
  it.each(TOKENS)('takes %s its power and leaves its letters', (token) => {
    const clean = sanitiseText(`a ${token} b`);
    expect(clean).not.toContain(token);
    expect(clean).toContain(token.replaceAll(/[^\p{L}_]/gu, ''));
  });

  it('cannot be talked into a token by what it removes or puts in', () => {
    const part = fc.constantFrom(
      ...TOKENS,
      ...TOKENS.join('').split(''),
      '\u0000',
      '\u0007',
      '\r',
      '\n',
      '\u{E0041}',
      '\uD800',
      ' ',
      'x',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const clean = sanitiseText(parts.join(''));
        for (const token of TOKENS) expect(clean.toLowerCase()).not.toContain(token.toLowerCase());
        expect(sanitiseText(clean)).toBe(clean);
      }),
      { seed: 11, numRuns: 2000 },
    );
  });

  it('removes control characters, keeps line breaks, tabs, emoji and every alphabet', () => {
    expect(sanitiseText('a\u0000b\u001B[31m\r\nc\td\u009F\u{E0001}')).toBe('ab[31m\nc\td');
    const text = 'Привет 👩‍👩‍👧 नमस्ते שלום\n<b>x</b> [1] a < b > c';
    expect(sanitiseText(text)).toBe(text);
  });

  it("leaves the developer's own texts alone", () => {
    const request = fromChat({
      messages: [
        { role: 'system', content: 'use <think> tags' },
        { role: 'assistant', content: '<s>' },
        { role: 'user', content: '<s>' },
      ],
    });
    expect(sanitise(request, 100).messages.map(({ content }) => content)).toEqual([
      'use <think> tags',
      '<s>',
      '< s >',
    ]);
    expect(sanitise(fromPrompt({ prompt: '[INST] hi [/INST]' }), 100).prompt).toBe('[INST] hi [/INST]');
  });

  it('counts characters as people do, over all messages, up to the limit', () => {
    const ask = (content: string) =>
      fromChat({
        messages: [
          { role: 'system', content: 'ab' },
          { role: 'user', content },
        ],
      });
    expect(() => sanitise(ask('😀'.repeat(8)), 10)).not.toThrow();
    expect(() => sanitise(ask('😀'.repeat(9)), 10)).toThrowError(
      expect.objectContaining({ code: 'PROMPT_TOO_LONG' }),
    );
    expect(() => sanitise(fromPrompt({ prompt: 'x'.repeat(11) }), 10)).toThrowError();
  });
});
