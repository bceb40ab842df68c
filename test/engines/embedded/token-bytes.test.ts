import { describe, expect, it } from 'vitest';
import { tokenBytesOf } from '../../../src/engines/embedded/generate/token-bytes.js';

const text = (bytes: (number[] | null)[]) =>
  Buffer.from(bytes.flatMap((part) => part ?? [])).toString('utf8');

describe('the bytes of a token', () => {
  it('are read from byte-level BPE, half letters included', () => {
    // As GPT-2 writes them: Ġ is a blank, and two characters stand for the two bytes of a Cyrillic letter.
    const bytesOf = tokenBytesOf({ model: 'gpt2', tokens: ['Ġhi', 'Ð', '¶', 'Ċ', '<|im_start|>', 'x y'] });
    expect(text([bytesOf(0)])).toBe(' hi');
    expect(bytesOf(1)).toEqual([0xd0]);
    expect(text([bytesOf(1), bytesOf(2)])).toBe('ж');
    expect(text([bytesOf(3)])).toBe('\n');
    expect(text([bytesOf(4)])).toBe('<|im_start|>');
    expect(text([bytesOf(5)])).toBe('x y');
  });

  it('are read from SentencePiece', () => {
    const bytesOf = tokenBytesOf({ model: 'llama', tokens: ['▁да', '<0xD0>', '<0xB6>'] });
    expect(text([bytesOf(0)])).toBe(' да');
    expect(text([bytesOf(1), bytesOf(2)])).toBe('ж');
  });

  it('are not made up for a vocabulary of another kind', () => {
    expect(tokenBytesOf({ model: 'bert', tokens: ['a'] })(0)).toBeNull();
    expect(tokenBytesOf({ model: 'gpt2' })(5)).toBeNull();
  });
});
