import { describe, expect, it } from 'vitest';
import { BotPromptConfigs } from '../../src/prompts/bot-prompt-configs.js';
import { LLMPrompts } from '../../src/prompts/llm-prompts.js';
import type { MenuItem } from '../../src/prompts/menu-texts.js';
import { bench } from '../client/setup.js';
import { completion } from '../support/fake-engine.js';
import { messageIn } from '../support/oracle.js';
import { expectFallback, FAULTS } from './task-faults.js';

const TOPIC = 'услуги салона красоты';
const CONTEXT = 'пользователь интересуется спа-процедурами';
const ask = (more: { topic?: string; fallbackItems?: MenuItem[] } = {}) =>
  BotPromptConfigs.generateDynamicMenu({ context: CONTEXT, topic: TOPIC, ...more });
const facts = { confidence: null };
const item = (text: string, description = 'Описание') => ({ text, description });
const accept = (...items: unknown[]) => ask().accept({ items }, facts).items;
const many = (count: number) => Array.from({ length: count }, (_, i) => item(`Пункт ${i}`));

it('the example of the guide, through the whole pipeline', async () => {
  const { llm, engine } = await bench();
  const items = [
    { text: '💆 Массаж лица', description: 'Расслабляющий массаж' },
    { text: '🧖 Уход за кожей', description: 'Профессиональная чистка' },
  ];
  engine.answerWith((response, request) =>
    completion(JSON.stringify({ items: messageIn(request) === CONTEXT ? items : [] }))(response, request),
  );
  const config = BotPromptConfigs.generateDynamicMenu({
    context: 'пользователь интересуется спа-процедурами',
    topic: 'услуги салона красоты',
  });
  const response = await llm.complete(config);
  expect(LLMPrompts.parseJsonResponse(response.content).items).toEqual(items);
  expect(response).toMatchObject({ source: 'model', attempts: 1 });
  expect(await llm.complete(config)).toMatchObject({ source: 'cache', data: { items } });
});

describe('generateDynamicMenu', () => {
  it('takes 1 to 8 items, and no more', () => {
    expect(accept(...many(1))).toHaveLength(1);
    expect(accept(...many(8))).toHaveLength(8);
    expect(() => accept(...many(9))).toThrowError(/9 entries/);
    expect(() => accept()).toThrowError(/items/);
  });

  it('takes a text of 64 characters and a description of 120, and cuts nothing that is longer', () => {
    expect(accept(item('т'.repeat(64), 'о'.repeat(120)))).toEqual([item('т'.repeat(64), 'о'.repeat(120))]);
    expect(() => accept(item('т'.repeat(65)))).toThrowError(/items\.0\.text has 65 characters/);
    expect(() => accept(item('а'), item('т', 'о'.repeat(121)))).toThrowError(/items\.1\.description has 121/);
    expect(() => accept(item('💆'.repeat(33)))).toThrowError(/66 characters/);
  });

  it('drops items that say the same in other case, white space or emoji, and keeps the first', () => {
    expect(
      accept(item('💆 Массаж  лица', 'раз'), item('МАССАЖ ЛИЦА 🎉'), item('Массаж лица'), item('Уход')),
    ).toEqual([item('💆 Массаж лица', 'раз'), item('Уход')]);
    expect(accept(item('👍'), item('👎'), item('👍'))).toEqual([item('👍'), item('👎')]);
  });

  it('refuses the example said again, with a word changed or as a whole, and takes one item that is the same', () => {
    const [find, service, chain] = [item('📍 Find us'), item('🔧 Full service'), item('🔗 Fix the chain')];
    expect(() => accept(chain, service, find)).toThrowError(/repeats the example/);
    expect(() => accept(item('🔗 Вылечить зуб'), service, find)).toThrowError(/repeats the example/);
    expect(() => accept(item('🍕 две пиццы'), item('САЛАТЫ'), item('Новое'))).toThrowError(
      /repeats the example/,
    );
    expect(accept(item('🛵 Доставка'), item('🌹 Розы'), item('🎁 Наборы'))).toHaveLength(3);
    expect(accept(item('🛵 Доставка'))).toHaveLength(1);
  });

  it('ends its examples with the one in the language of the topic, which a small model follows', () => {
    const last = (topic: string) => ask({ topic }).messages.at(-2)?.content;
    expect(last('салон')).toContain('пиццы');
    expect(last('hair salon')).toContain('chain');
  });

  it('counts what is left: 12 items of which 8 differ are a menu', () =>
    expect(accept(...many(8), ...many(4))).toHaveLength(8));

  it('trims, and drops what has no text', () => {
    expect(accept(item('  a\n b\t', ' c\u0000 '), item(' \n'))).toEqual([item('a b', 'c')]);
    expect(() => accept(item(''), item('  '))).toThrowError(/no text/);
  });

  it.each([
    ['no list', { items: 'x' }],
    ['an item that is no object', { items: ['x'] }],
    ['an item without a description', { items: [{ text: 'x' }] }],
    ['a text that is a number', { items: [{ text: 1, description: '' }] }],
  ])('refuses %s', (_, answer) =>
    expect(() => ask().accept(answer, facts)).toThrowError(
      expect.objectContaining({ code: 'INVALID_ANSWER' }),
    ),
  );

  it('refuses a menu in another language than its topic, but not a brand in it', () => {
    expect(() => accept(item('Face massage', 'Relaxing massage'))).toThrowError(/language/);
    expect(accept(item('SPA Premium Deluxe', 'Для лица'))).toHaveLength(1);
    expect(
      ask({ topic: 'beauty salon' }).accept({ items: [item('Face massage', 'Relaxing')] }, facts).items,
    ).toHaveLength(1);
  });

  it('refuses a text that the engine ended at the bound of its schema, in the middle of a word', () => {
    const schema = ask().schema as {
      properties: { items: { items: { properties: Record<'text' | 'description', { maxLength: number }> } } };
    };
    const { text, description } = schema.properties.items.items.properties;
    expect(() => accept(item('т'.repeat(text.maxLength)))).toThrowError(/text does not end within the 28/);
    expect(() => accept(item('т', 'о'.repeat(description.maxLength)))).toThrowError(
      /description does not end within the 40/,
    );
    expect(accept(item('т'.repeat(text.maxLength - 1), 'о'.repeat(description.maxLength - 1)))).toHaveLength(
      1,
    );
  });

  it('asks once more after a menu that is too long, and says why', async () => {
    const { llm, engine } = await bench();
    engine.script(
      completion(JSON.stringify({ items: [item('т'.repeat(65))] })),
      completion(JSON.stringify({ items: [item('Массаж')] })),
    );
    expect(await llm.complete(ask())).toMatchObject({
      source: 'model',
      attempts: 2,
      data: { items: [item('Массаж')] },
    });
    expect(engine.seen[1]?.body.messages?.at(-1)?.content).toContain('items.0.text has 65 characters');
  });

  it('leaves room for the longest answer that its schema allows, within the context of a small model', () => {
    const config = ask();
    const { maxItems } = (config.schema as { properties: { items: { maxItems: number } } }).properties.items;
    const worst = { items: Array.from({ length: maxItems }, () => item('x'.repeat(29), 'x'.repeat(41))) };
    expect(config.maxTokens).toBeGreaterThanOrEqual(JSON.stringify(worst).replaceAll('x', '\\u0431').length);
    expect(config.maxTokens).toBeLessThan(3000);
  });

  it.each(FAULTS)('fallback when $name: one item that says the topic', (fault) =>
    expectFallback(ask(), fault, { items: [item('услуги салона красоты', '')] }),
  );

  it.each(FAULTS)("fallback when $name: the bot's own items, where it gave some", (fault) =>
    expectFallback(ask({ fallbackItems: [item('Прайс'), item('Адрес', '')] }), fault, {
      items: [item('Прайс'), item('Адрес', '')],
    }),
  );

  it('ends a topic that is longer than a button at a word, visibly', () => {
    const [only] = ask({ topic: `${'слово '.repeat(20)}` }).fallback?.().items ?? [];
    expect(only?.text).toMatch(/^(слово )+слово…$/);
    expect(only?.text.length).toBeLessThanOrEqual(64);
    const emoji = ask({ topic: '💆'.repeat(60) }).fallback?.().items[0]?.text ?? '';
    expect([emoji.length <= 64, emoji.isWellFormed(), emoji.endsWith('…')]).toEqual([true, true, true]);
  });

  it.each([
    ['an empty topic', { topic: ' ' }],
    ['fallback items without a text', { fallbackItems: [item('')] }],
    ['nine fallback items', { fallbackItems: many(9) }],
    ['a fallback item that is too long', { fallbackItems: [item('т'.repeat(65))] }],
    ['no fallback item', { fallbackItems: [] }],
    ['a topic that is no text', { topic: 7 as unknown as string }],
  ])('refuses %s', (_, more) =>
    expect(() => ask(more)).toThrowError(expect.objectContaining({ code: 'INVALID_REQUEST' })),
  );

  it('puts the topic before the user: menus of one topic share the beginning of their question', () => {
    const [a, b] = ['хочет массаж', 'ищет подарок'].map(
      (context) => BotPromptConfigs.generateDynamicMenu({ topic: TOPIC, context }).messages,
    );
    expect(a?.slice(0, -1)).toEqual(b?.slice(0, -1));
    expect(a?.at(-1)?.content).toMatch(/^Topic: услуги салона красоты\n/);
  });
});
