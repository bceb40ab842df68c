import { describe, expect, it } from 'vitest';
import { LLMPrompts } from '../../src/prompts/llm-prompts.js';

const parse = (text: string) => LLMPrompts.parseJsonResponse(text, { finishReason: 'stop' });
const WHOLE = '{"intent":"cancel_order","entities":[{"name":"date","value":"a \\"b\\" {c}"}]}';
const VALUE = JSON.parse(WHOLE);

describe('parseJsonResponse', () => {
  it.each([
    ['plain', WHOLE],
    ['white space around', `\n  ${WHOLE}\n`],
    ['a fence', `\`\`\`json\n${WHOLE}\n\`\`\``],
    ['a fence without a name', `\`\`\`\n${WHOLE}\n\`\`\``],
    ['prose before', `Sure! Here is the answer: ${WHOLE}`],
    ['prose behind', `${WHOLE}\nI hope that helps.`],
    ['prose with braces before', `The {answer} is {here}: ${WHOLE}`],
    ['a thought before', `<think>maybe {"intent":"help"}?</think>${WHOLE}`],
    ['two objects: the first', `${WHOLE} {"intent":"other"}`],
  ])('finds the object: %s', (_, text) => expect(parse(text)).toEqual(VALUE));

  it.each([
    ['a comma too many', '{"a":1,}', { a: 1 }],
    ['single quotes', "{'a':'b'}", { a: 'b' }],
    ['a key without quotes', '{a: "b"}', { a: 'b' }],
    ['Python words', '{"a":None,"b":True}', { a: null, b: true }],
    ['a missing comma', '{"a":1 "b":2}', { a: 1, b: 2 }],
  ])('repairs what is closed: %s', (_, text, value) => expect(parse(text)).toEqual(value));

  it.each([
    ['nothing', ''],
    ['a refusal', 'I cannot help with that.'],
    ['a list', '[1,2]'],
    ['a text', '"help"'],
    ['a number', '42'],
    ['null', 'null'],
    ['a thought that was never closed', '<think>{"intent":"help"}'],
    ['a label whose quote is missing', '{"intent":"help}'],
    ['an object whose list is open', '{"intent":"help","entities":[{"name":"date"}'],
  ])('refuses %s', (_, text) => {
    expect(() => parse(text)).toThrowError(expect.objectContaining({ code: 'INVALID_ANSWER' }));
  });

  it.each(['', 'Sure: ', '```json\n'])(
    'never takes an answer that was cut, at whatever byte (%j before it)',
    (lead) => {
      const bytes = Buffer.from(lead + WHOLE.replace('a ', 'в '));
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const text = bytes.subarray(0, cut).toString();
        const attempt = () => LLMPrompts.parseJsonResponse(text, { finishReason: 'length' });
        expect(attempt, text).toThrowError(expect.objectContaining({ code: 'INCOMPLETE_RESPONSE' }));
      }
    },
  );

  it('never guesses the end of an answer, even when the engine says that it is whole', () => {
    for (const whole of [WHOLE, WHOLE.replaceAll('"', "'").replaceAll("\\'", ''), `\`\`\`json\n${WHOLE}`]) {
      const lost = whole.length - whole.lastIndexOf('}');
      for (let cut = 0; cut <= whole.length - lost; cut += 1) {
        const text = whole.slice(0, cut);
        expect(() => parse(text), text).toThrowError(expect.objectContaining({ code: 'INVALID_ANSWER' }));
      }
    }
  });

  it('drops keys that reach for a prototype, at any depth', () => {
    const text = '{"__proto__":{"x":1},"a":{"constructor":{"prototype":{"x":1}},"b":1}}';
    const object = parse(text);
    expect(object).toEqual({ a: { b: 1 } });
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    expect(Object.keys(object)).toEqual(['a']);
  });

  it('without a finish reason repairs nothing', () => {
    expect(() => LLMPrompts.parseJsonResponse('{"a":1,}')).toThrowError();
    expect(LLMPrompts.parseJsonResponse('{"a":1}')).toEqual({ a: 1 });
  });
});
