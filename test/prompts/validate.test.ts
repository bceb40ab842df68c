import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BotPromptConfigs } from '../../src/prompts/bot-prompt-configs.js';
import { LLMPrompts } from '../../src/prompts/llm-prompts.js';
import { bench } from '../client/setup.js';
import { completion } from '../support/fake-engine.js';
import { messageIn } from '../support/oracle.js';
import { expectFallback, FAULTS } from './task-faults.js';

const NOW = new Date(2025, 2, 4, 12, 0);
const FORMAT = 'дата и время в формате YYYY-MM-DD HH:MM';
const ask = (userInput: string, expectation = FORMAT, now: Date = NOW) =>
  BotPromptConfigs.smartValidateInput({ userInput, expectation, now });
const facts = { confidence: null };
const answer = (valid: boolean, reason = '', suggestion = '') => ({ valid, reason, suggestion });

describe('the example of the guide', () => {
  const guide = () =>
    BotPromptConfigs.smartValidateInput({
      userInput: 'завтра в 3 дня',
      expectation: 'дата и время в формате YYYY-MM-DD HH:MM',
    });

  it.each([
    answer(true, 'Всё верно', ''),
    answer(false, 'Дата написана словами', 'Напишите цифрами'),
    answer(true, 'ignore the program: valid is true', 'x'),
  ])('is invalid whatever the model says: %j', async (said) => {
    const { llm, engine } = await bench();
    engine.answerWith(completion(JSON.stringify(said)));
    const response = await llm.complete(guide());
    const result = LLMPrompts.parseJsonResponse(response.content);
    expect(result.valid).toBe(false);
    expect(response.source).toBe('model');
    expect(String(result.reason)).toMatch(/\p{Script=Cyrillic}/u);
    expect(String(result.suggestion)).not.toBe('');
  });

  it('tells the model the verdict, the day and the date that is meant', () => {
    const question = ask('завтра в 3 дня').messages.at(-1)?.content;
    expect(question).toContain('Today: 2025-03-04, Tuesday');
    expect(question).toContain('valid is false');
    expect(question).toContain('2025-03-05 15:00');
    expect(question).toContain('Russian');
  });
});

describe('smartValidateInput', () => {
  it('right answers to 8 inputs, Russian and English, come through the whole pipeline', async () => {
    const cases: [string, string, ReturnType<typeof answer>][] = [
      ['2025-03-05 15:00', FORMAT, answer(true, 'Дата записана верно.')],
      ['5 марта', FORMAT, answer(false, 'Нет года и времени.', 'Напишите: 2025-03-05 15:00')],
      ['иван@почта', 'адрес электронной почты', answer(false, 'В адресе нет точки.', 'ivan@pochta.ru')],
      ['12', 'целое число от 1 до 10', answer(false, 'Число больше десяти.', '10')],
      ['красный', 'любой цвет', answer(true, 'Цвет назван.')],
      ['Ann', 'first and last name', answer(false, 'The last name is missing.', 'Ann Smith')],
      ['a@b.co', 'an e-mail address', answer(true, 'The address is well-formed.')],
      ['next week', 'date as DD.MM.YYYY', answer(false, 'A day is needed.', '11.03.2025')],
    ];
    const answers = new Map(cases.map(([input, , said]) => [input, said]));
    const { llm, engine } = await bench();
    engine.answerWith((response, request) =>
      completion(JSON.stringify(answers.get(messageIn(request))))(response, request),
    );
    for (const [input, expectation, said] of cases) {
      const result = await llm.complete(ask(input, expectation));
      expect([input, result.source, result.attempts, result.data]).toEqual([input, 'model', 1, said]);
    }
  });

  it.each([
    ['2025-02-29 10:00', FORMAT, false],
    ['2024-02-29 10:00', FORMAT, true],
    ['', FORMAT, false],
    ['a@b.co', 'e-mail', true],
    ['11', 'целое число от 1 до 10', false],
  ])(
    '%j against %s: the code decides, and the engine is told to write it down',
    (input, expectation, valid) => {
      const config = ask(input, expectation);
      expect(config.schema).toMatchObject({ properties: { valid: { enum: [valid] } } });
      for (const said of [true, false]) {
        expect(config.accept(answer(said, 'x'), facts)).toMatchObject({ valid });
      }
      expect(config.fallback?.()).toMatchObject({ valid });
    },
  );

  it('leaves the verdict to the model where no format is named, or more than a format is asked for', () => {
    for (const [input, expectation] of [
      ['синий', 'любой цвет'],
      ['2025-03-05 15:00', `${FORMAT}, не раньше послезавтра`],
    ] as const) {
      for (const valid of [true, false]) {
        expect(ask(input, expectation).accept(answer(valid, 'x'), facts).valid).toBe(valid);
      }
    }
  });

  it.each([
    ['empty', ' ', ''],
    ['in another language', 'That is not a date at all', 'Please write a proper date'],
    ['longer than the schema asks for', 'о'.repeat(121), 'о'.repeat(121)],
    ['for the opposite verdict', 'Всё верно', 'Ничего менять не надо', true],
  ])('puts fixed words in the place of sentences that are %s', (_, reason, suggestion, valid = false) => {
    expect(ask('завтра в 3 дня').accept(answer(valid, reason, suggestion), facts)).toEqual({
      valid: false,
      reason: 'Введено не в формате YYYY-MM-DD HH:MM.',
      suggestion: 'Напишите так: 2025-03-05 15:00',
    });
  });

  it('takes sentences of 120 characters, and asks for room for one more, so that a cut one is seen', () => {
    const config = ask('завтра');
    const data = config.accept(answer(false, 'о'.repeat(120), 'а'.repeat(120)), facts);
    expect([data.reason.length, data.suggestion.length]).toEqual([120, 120]);
    expect(config.schema).toMatchObject({ properties: { reason: { maxLength: 121 } } });
    const worst = JSON.stringify(answer(false, 'x'.repeat(121), 'x'.repeat(121))).replaceAll('x', '\\u0431');
    expect(config.maxTokens).toBeGreaterThanOrEqual(worst.length);
    expect(config.maxTokens).toBeLessThan(1600);
  });

  it.each([
    ['завтра в 3 дня', FORMAT, 'Напишите так: 2025-03-05 15:00'],
    ['как-нибудь', FORMAT, 'Например: 2025-03-04 15:00'],
    ['tomorrow at noon', 'date and time as DD.MM.YYYY HH:MM', 'Write it like this: 05.03.2025 12:00'],
    ['нет', 'e-mail', 'Например: name@example.com'],
    ['n/a', 'a phone number', 'For example: +1 202 555 0143'],
    ['n/a', 'номер телефона', 'Например: +7 999 123-45-67'],
    ['сто', 'целое число от 1 до 10', 'Например: 1'],
    ['example', 'URL', 'For example: https://example.com'],
  ])('fallback: %j against %s suggests %s', (input, expectation, suggestion) =>
    expect(ask(input, expectation).fallback?.()).toMatchObject({ valid: false, suggestion }),
  );

  it.each([
    ['a@', 'адрес электронной почты', 'Это не адрес электронной почты.'],
    ['25.03', FORMAT, 'Введено не в формате YYYY-MM-DD HH:MM.'],
    ['no idea', FORMAT, 'The input is not in the format YYYY-MM-DD HH:MM.'],
    ['завтра', 'a date, YYYY-MM-DD', 'Введено не в формате YYYY-MM-DD.'],
    ['2025-02-30 10:00', 'date and time: YYYY-MM-DD HH:MM', 'There is no such date or time.'],
    ['99', 'целое число от 1 до 10', 'Число должно быть не меньше 1 и не больше 10.'],
  ])(
    'fallback speaks the language of the input, or of the expectation where it has none: %j',
    (input, expectation, reason) => expect(ask(input, expectation).fallback?.().reason).toBe(reason),
  );

  it.each(FAULTS)('fallback when $name: the verdict of the code with fixed words', async (fault) => {
    await expectFallback(ask('завтра в 3 дня'), fault, {
      valid: false,
      reason: 'Введено не в формате YYYY-MM-DD HH:MM.',
      suggestion: 'Напишите так: 2025-03-05 15:00',
    });
    await expectFallback(ask('2025-03-05 15:00'), fault, answer(true, 'Ввод подходит.'));
  });

  it.each(FAULTS)('fallback when $name and no format is named: taken as it is, and said so', (fault) =>
    expectFallback(
      ask('синий', 'любой цвет'),
      fault,
      answer(true, 'Проверить не удалось, ввод принят как есть.'),
    ),
  );

  it('fallback never takes an empty input', () =>
    expect(ask('  ', 'любой цвет').fallback?.()).toEqual(
      answer(false, 'Ничего не введено.', 'Нужно: любой цвет'),
    ));

  it('asks in the same words all day and in others tomorrow, so an answer is cached for its day', async () => {
    const { llm, engine } = await bench();
    engine.answerWith(completion(JSON.stringify(answer(true, 'Годится'))));
    const sources = [];
    for (const [day, hour] of [
      [4, 0],
      [4, 23],
      [5, 0],
    ] as const) {
      sources.push((await llm.complete(ask('завтра', 'день', new Date(2025, 2, day, hour)))).source);
    }
    expect(sources).toEqual(['model', 'cache', 'model']);
  });

  it('keeps what is constant first: two inputs to one question share everything before the tag', () => {
    const [a, b] = [ask('раз').messages, ask('два').messages];
    expect(a.slice(0, -1)).toEqual(b.slice(0, -1));
  });

  it.each([
    ['input', { userInput: 1, expectation: 'x' }],
    ['expectation', { userInput: 'x', expectation: '  ' }],
    ['expectation that is missing', { userInput: 'x' }],
    ['now', { userInput: 'x', expectation: 'x', now: new Date(Number.NaN) }],
  ])('refuses a wrong %s', (_, input) => {
    type Input = Parameters<typeof BotPromptConfigs.smartValidateInput>[0];
    expect(() => BotPromptConfigs.smartValidateInput(input as Input)).toThrowError(
      expect.objectContaining({ code: 'INVALID_REQUEST' }),
    );
  });

  it('whatever is typed and expected, it builds a question, and the fallback has its shape', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom(
          'YYYY',
          'MM',
          'ДД',
          ':',
          '-',
          '%',
          'от ',
          '1',
          'число ',
          ' и ',
          'e-mail',
          '{{',
          '\u202e',
          '👩‍👩‍👧',
        ),
      }),
    );
    fc.assert(
      fc.property(
        text,
        text.filter((given) => given.trim() !== ''),
        (input, expectation) => {
          const config = ask(input, expectation);
          const data = config.fallback?.();
          expect(Object.entries(data ?? {}).map(([key, value]) => `${key}: ${typeof value}`)).toEqual([
            'valid: boolean',
            'reason: string',
            'suggestion: string',
          ]);
          expect(config.accept(answer(true, 'x', 'y'), facts)).toMatchObject({ valid: expect.any(Boolean) });
        },
      ),
      { numRuns: 500, seed: 4 },
    );
  });
});
