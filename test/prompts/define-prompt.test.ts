import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePrompt } from '../../src/prompts/define-prompt.js';

const mood = definePrompt({
  id: 'mood',
  version: 3,
  schema: () => z.object({ mood: z.enum(['good', 'bad']) }),
  examples: () => [{ user: 'What a day!', answer: { mood: 'good' as const } }],
  build: (input: { text: string }) => ({ system: 'Tell the mood.', user: input.text }),
  check: (answer, input) => {
    if (input.text === 'odd') throw new Error('the text is odd');
    return { ...answer, length: input.text.length };
  },
});

describe('definePrompt', () => {
  it('makes messages out of texts and examples, the question last', () => {
    expect(mood({ text: 'meh' }).messages).toEqual([
      { role: 'system', content: 'Tell the mood.' },
      { role: 'user', content: 'What a day!' },
      { role: 'assistant', content: '{"mood":"good"}' },
      { role: 'user', content: 'meh' },
    ]);
  });

  it('gives the engine a plain JSON Schema', () => {
    expect(mood({ text: '' }).schema).toEqual({
      type: 'object',
      properties: { mood: { type: 'string', enum: ['good', 'bad'] } },
      required: ['mood'],
      additionalProperties: false,
    });
  });

  it('checks the shape, then asks the task; the reason of a refusal can be shown to a model', () => {
    const facts = { confidence: null };
    expect(mood({ text: 'meh' }).accept({ mood: 'bad' }, facts)).toEqual({ mood: 'bad', length: 3 });
    expect(() => mood({ text: 'meh' }).accept({ mood: 'so-so' }, facts)).toThrowError(
      /mood: .*"good"\|"bad"/,
    );
    expect(() => mood({ text: 'odd' }).accept({ mood: 'bad' }, facts)).toThrowError(/the text is odd/);
  });

  it('has no fallback where none was given', () => expect(mood({ text: '' }).fallback).toBeUndefined());

  it('wants maxTokens where the schema does not bound the answer', () => {
    const build = (maxTokens?: number) =>
      definePrompt({
        id: 'free',
        version: 1,
        schema: () => z.object({ text: z.string() }),
        build: () => ({ system: '', user: '', ...(maxTokens && { maxTokens }) }),
        check: (answer) => answer,
      })({});
    expect(() => build()).toThrowError(expect.objectContaining({ code: 'INVALID_REQUEST' }));
    expect(build(50).maxTokens).toBe(50);
  });
});
