import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BotPromptConfigs } from '../../src/prompts/bot-prompt-configs.js';
import { bench } from '../client/setup.js';
import { completion } from '../support/fake-engine.js';
import { messageIn } from '../support/oracle.js';
import { expectFallback, FAULTS } from './task-faults.js';

const GUIDE = 'Ваш заказ {{order_id}} готов к выдаче';
const GUIDE_RESULT = 'Отлично! Ваш заказ {{order_id}} готов к выдаче! 🎉 Можете забирать в удобное время.';
const ask = (text: string, tone?: string) => BotPromptConfigs.improveText({ text, tone });
const facts = { confidence: null };
const accept = (text: string, improved: string) => ask(text).accept({ text: improved }, facts).text;
const refusal = (text: string, improved: string): string => {
  try {
    return `taken: ${accept(text, improved)}`;
  } catch (error) {
    return (error as Error).message;
  }
};

it('the example of the guide, through the whole pipeline, with its event, fresh and cached', async () => {
  const { llm, engine, events } = await bench();
  engine.answerWith((response, request) =>
    completion(JSON.stringify({ text: messageIn(request) === GUIDE ? GUIDE_RESULT : '?' }))(
      response,
      request,
    ),
  );
  const improved = () => events.filter(({ event }) => event === 'llm_text_improved');
  expect(await llm.complete(ask(GUIDE))).toMatchObject({ source: 'model', data: { text: GUIDE_RESULT } });
  expect(improved()).toMatchObject([{ task: 'improve', cached: false, requestId: expect.any(String) }]);
  expect(await llm.complete(ask(GUIDE))).toMatchObject({ source: 'cache', data: { text: GUIDE_RESULT } });
  expect(improved()).toMatchObject([{ cached: false }, { cached: true }]);
  expect(engine.seen).toHaveLength(1);
});

describe('improveText', () => {
  it('no other task tells that a text was improved', async () => {
    const { llm, told } = await bench();
    await llm.complete(BotPromptConfigs.classifyUserIntent({ message: 'hi', availableIntents: ['help'] }));
    expect(told()).toEqual(['llm_request', 'llm_success']);
  });

  it.each([
    ['lost', 'Ваш заказ готов к выдаче!'],
    ['renamed', 'Ваш заказ {{orderId}} готов!'],
    ['translated', 'Ваш заказ {{номер_заказа}} готов!'],
    ['spaced', 'Ваш заказ {{ order_id }} готов!'],
    ['in other case', 'Ваш заказ {{Order_id}} готов!'],
    ['doubled', 'Ваш заказ {{order_id}} готов! Номер: {{order_id}}'],
    ['joined by another', 'Ваш заказ {{order_id}} готов, {{name}}!'],
    ['with one brace less', 'Ваш заказ {order_id}} готов!'],
    ['with three braces', 'Ваш заказ {{{order_id}}} готов!'],
    ['beside a lone opening', 'Ваш заказ {{order_id}} готов! {{'],
    ['nested', 'Ваш заказ {{{{order_id}}}} готов!'],
    ['joined by a single-braced one', 'Ваш заказ {{order_id}} готов, {name}!'],
  ])('refuses an answer whose placeholder is %s', (_, improved) =>
    expect(refusal(GUIDE, improved)).toMatch(/is missing|must not be there/),
  );

  it('keeps placeholders that a text has twice, in any order', () => {
    expect(accept('{{a}} {{b}} {{a}}', '{{b}}: {{a}}, {{a}}!')).toBe('{{b}}: {{a}}, {{a}}!');
    expect(refusal('{{a}} {{b}} {{a}}', '{{b}}: {{a}}, {{b}}!')).toMatch(/"\{\{a\}\}" is missing/);
  });

  it('refuses the example said again: it promises what the message does not', () => {
    const example = 'Готово! Ждём вас {{date}} — запись подтверждена. 😊';
    expect(refusal('Мы закрыты {{date}}', example)).toMatch(/repeats the example/);
  });

  it.each([
    'https://evil.example',
    'HTTP://EVIL.EXAMPLE/x',
    'www.evil.com',
    'evil.com',
    'Evil.COM/path',
    't.me/evil',
    'tg://resolve?domain=evil',
    'ftp://files',
    'mailto:a@b.co',
    'javascript:alert(1)',
    'кремль.рф',
    'пример.com',
    'xn--e1afmkfd.xn--80akhbyknj4f',
    '127.0.0.1:8080',
    'ｅｖｉｌ．ｃｏｍ',
    'evil。com',
    'evil\u200b.com',
    'ev\u00adil.com',
    '[сюда](https://evil.example)',
    '<a href="//evil.com">сюда</a>',
    'a@evil.com',
    '@evil_bot',
    '＠evil_bot',
    'Пишите:@evil',
    '{{order_id}}.com',
  ])('refuses an answer that adds %s', (added) => {
    const text = 'Ваш заказ готов к выдаче, {{order_id}}';
    const improved = added.includes('{{')
      ? `Ваш заказ готов ${added}`
      : `Ваш заказ готов {{order_id}} ${added}`;
    expect(refusal(text, improved)).toMatch(/must not be there/);
  });

  it('keeps links and mentions that the text has, and loses none', () => {
    const text = 'Оплата: https://pay.example/{{id}} вопросы @salon_help, сайт salon.example';
    const improved =
      'Оплатите по ссылке https://pay.example/{{id}}. Вопросы? Пишите @salon_help! Наш сайт: salon.example.';
    expect(accept(text, improved)).toBe(improved);
    expect(refusal(text, improved.replace('pay.example', 'evil.example'))).toMatch(/must not be there/);
    expect(refusal(text, improved.replace('https://pay.example/', ''))).toMatch(/is missing/);
    expect(refusal(text, improved.replace('@salon_help', ''))).toMatch(/is missing/);
  });

  it.each(['Готово.Спасибо', 'т.д. и т.п.', 'в 15.30', '5.5 кг', 'Ура...да', 'e.g. this', 'и/или'])(
    'takes %s for no link',
    (piece) => expect(accept('Заказ готов к выдаче', `Заказ готов ${piece}`)).toContain(piece),
  );

  it.each([
    [1, 121],
    [60, 180],
    [61, 183],
    [200, 600],
  ])('a text of %i characters may become %i long, and no longer', (chars, longest) => {
    expect(accept('а'.repeat(chars), 'б'.repeat(longest))).toHaveLength(longest);
    expect(refusal('а'.repeat(chars), 'б'.repeat(longest + 1))).toMatch(/at most \d+ are allowed/);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['a control character', 'Заказ \u0007 готов {{order_id}}'],
    ['an escape sequence', '\u001b[31mЗаказ {{order_id}}'],
    ['another language', 'Your order {{order_id}} is ready to be picked up!'],
  ])('refuses %s', (_, improved) => expect(refusal(GUIDE, improved)).not.toMatch(/^taken/));

  it('invents nothing out of nothing', () => {
    expect(refusal('', 'Добро пожаловать!')).not.toMatch(/^taken/);
    expect(ask('').fallback?.()).toEqual({ text: '' });
  });

  it('has no bound in its schema at which an engine would end a text and call it whole', () =>
    expect(JSON.stringify(ask(GUIDE).schema)).not.toContain('maxLength'));

  it('leaves room for what it takes, within the context of a small model', () => {
    expect(ask(GUIDE).maxTokens).toBeGreaterThan(GUIDE_RESULT.length * 2);
    expect(ask('а'.repeat(4096)).maxTokens).toBeLessThanOrEqual(2000);
  });

  it('asks in the wanted tone', () => {
    expect(ask(GUIDE, 'деловой').messages.at(-1)?.content).toContain('Tone: деловой');
    expect(ask(GUIDE, ' ').messages).toEqual(ask(GUIDE).messages);
  });

  it.each([
    ['a text', { text: 7 }],
    ['a tone', { text: 'x', tone: 7 }],
  ])('refuses %s that is no text', (_, input) =>
    expect(() => BotPromptConfigs.improveText(input as unknown as { text: string })).toThrowError(
      expect.objectContaining({ code: 'INVALID_REQUEST' }),
    ),
  );

  it.each(FAULTS)('fallback when $name: the text as it was given', (fault) =>
    expectFallback(ask(`  ${GUIDE}\r\n`), fault, { text: `  ${GUIDE}\r\n` }),
  );

  it('fallback when every answer breaks a rule, with the reason told to the model in between', async () => {
    const { llm, engine, told } = await bench();
    engine.answerWith(completion('{"text":"Заказ готов: https://evil.example"}'));
    const result = await llm.complete(ask(GUIDE));
    expect(result).toMatchObject({
      source: 'fallback',
      data: { text: GUIDE },
      attempts: 2,
      error: { code: 'INVALID_ANSWER' },
    });
    expect(engine.seen[1]?.body.messages?.at(-1)?.content).toContain('{{order_id}}');
    expect(told()).not.toContain('llm_text_improved');
  });
});

describe('whatever a text holds and a model answers', () => {
  const name = fc
    .string({ minLength: 1, maxLength: 12, unit: 'binary' })
    .filter((text) => !/[{}]/.test(text));
  const placeholder = name.map((text) => `{{${text}}}`);
  const hostile = fc.constantFrom(
    '{{',
    '}}',
    '{',
    '}',
    '{{}}',
    '{{{x}}}',
    '{{a{{b}}',
    '<|im_end|>',
    '\u202e',
    '\u0000',
    '\\',
    '"',
    '$' + '{x}',
    '%s',
    '{{__proto__}}',
    '{{constructor}}',
    '$&',
    "$'",
    '👩‍👩‍👧',
    '\ud800',
    '\n',
    '</message>',
  );
  const text = fc
    .array(fc.oneof(placeholder, hostile, fc.string({ unit: 'binary', maxLength: 10 })), { maxLength: 12 })
    .map((pieces) => pieces.join(''));
  /** The rule in other words than the code's: every `{{…}}` without braces inside, sorted. */
  const multiset = (from: string) => (from.match(/\{\{[^{}]*\}\}/g) ?? []).sort();

  it('what is taken has exactly the placeholders of the text', () => {
    let taken = 0;
    fc.assert(
      fc.property(text, text, fc.boolean(), (original, other, related) => {
        const improved = related ? original.replace(/[а-яa-z]/i, 'о') + other.replaceAll(/[{}]/g, '') : other;
        const said = refusal(original, improved);
        if (!said.startsWith('taken: ')) return;
        taken += 1;
        const result = said.slice('taken: '.length);
        expect(multiset(result)).toEqual(multiset(original));
        expect(result.length).toBeLessThanOrEqual(Math.max(original.length * 3, original.length + 120));
      }),
      { numRuns: 3000, seed: 42 },
    );
    // A rule that takes nothing would keep every promise.
    expect(taken).toBeGreaterThan(100);
  });

  it('a placeholder that is lost, doubled or changed is always noticed', () => {
    const change = fc.constantFrom(
      () => '',
      (it: string) => it + it,
      (it: string) => it.replace('{{', '{{ '),
      (it: string) => it.slice(1),
      (it: string) => `${it}{{more}}`,
    );
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), fc.nat(), change, (names, at, spoil) => {
        const pieces = names.map((each) => `{{${each}}}`);
        const original = `Здравствуйте ${pieces.join(' и ')} ждём вас`;
        const spoiled = pieces.map((piece, i) => (i === at % pieces.length ? spoil(piece) : piece));
        expect(refusal(original, `Здравствуйте ${spoiled.join(' и ')} ждём вас`)).not.toMatch(/^taken/);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('a megabyte of anything is judged in no time', () => {
    for (const piece of ['{', '{{a', 'a.', '@', 'a@', '1.', '://', 'а', '{{x}} ']) {
      const long = piece.repeat(1_000_000 / piece.length);
      expect(refusal(long, long)).toEqual(expect.any(String));
    }
  });
});
