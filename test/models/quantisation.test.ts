import { describe, expect, test } from 'vitest';
import { pickGguf, quantisationOf } from '../../src/models/quantisation.js';

const files = (...names: string[]) => names.map((file) => ({ file }));

test.each([
  ['Qwen3-1.7B-Q4_K_M.gguf', 'Q4_K_M'],
  ['gemma-2b-it.Q8_0.gguf', 'Q8_0'],
  ['qwen2.5-3b-instruct-q4_k_m.gguf', 'Q4_K_M'],
  ['Phi-3-mini-4k-instruct-q4.gguf', 'Q4'],
  ['Phi-3-mini-4k-instruct-fp16.gguf', 'FP16'],
  ['sub/Model-IQ4_XS.gguf', 'IQ4_XS'],
  ['Model-BF16.gguf', 'BF16'],
  ['model.gguf', undefined],
  ['Model-Q4_K_M-extra.gguf', undefined],
])('the quantisation of %s is %s', (file, quantisation) => {
  expect(quantisationOf(file)).toBe(quantisation);
});

describe('of a repository', () => {
  test('Q4_K_M is taken where nobody asks for another', () => {
    const found = pickGguf(files('m-Q8_0.gguf', 'm-Q4_0.gguf', 'm-Q4_K_M.gguf', 'm-F16.gguf'), undefined);
    expect(found?.file).toBe('m-Q4_K_M.gguf');
  });

  test.each([
    [['m-F16.gguf', 'm-Q8_0.gguf', 'm-Q2_K.gguf'], 'm-Q8_0.gguf'],
    [['m-F16.gguf', 'm-Q5_K_M.gguf', 'm-Q8_0.gguf'], 'm-Q5_K_M.gguf'],
    [
      ['Phi-3-mini-4k-instruct-fp16.gguf', 'Phi-3-mini-4k-instruct-q4.gguf'],
      'Phi-3-mini-4k-instruct-q4.gguf',
    ],
    [['whatever.gguf'], 'whatever.gguf'],
  ])('without it, the nearest of %j is %s', (names, wanted) => {
    expect(pickGguf(files(...names), undefined)?.file).toBe(wanted);
  });

  test('what is asked for is taken or nothing', () => {
    expect(pickGguf(files('m-Q8_0.gguf', 'm-Q4_K_M.gguf'), 'q8_0')?.file).toBe('m-Q8_0.gguf');
    expect(pickGguf(files('m-Q4_K_M.gguf'), 'Q8_0')).toBeUndefined();
  });

  test('shards, vision projectors and other files are never a model', () => {
    const none = files('m-Q4_K_M-00001-of-00002.gguf', 'mmproj-m-f16.gguf', 'sub/mmproj-x.gguf', 'README.md');
    expect(pickGguf(none, undefined)).toBeUndefined();
  });
});
