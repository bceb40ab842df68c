import { describe, expect, it } from 'vitest';
import { renderReplyTemplate } from '../../src/index.js';
import { bench, failure } from '../client/setup.js';
import { completion, refuse } from '../support/fake-engine.js';
import { messageIn } from '../support/oracle.js';

const TEXT = 'Ваш заказ {{order_id}} готов к выдаче';
const BETTER = 'Отлично! Ваш заказ {{order_id}} готов к выдаче! 🎉 Можете забирать в удобное время.';
const KEYBOARD = [{ text: 'Спасибо!', callback: '/thanks' }];
const guide = (params: object = {}) => ({
  type: 'action.reply_template.v1',
  params: { text: TEXT, llm_improve: true, keyboard: KEYBOARD, ...params },
});

/** A client whose model answers with this text. */
async function answering(text: string | ((seen: string) => string)) {
  const made = await bench();
  made.engine.answerWith((response, request) => {
    const answer = typeof text === 'string' ? text : text(messageIn(request));
    return completion(JSON.stringify({ text: answer }))(response, request);
  });
  return made;
}

describe('renderReplyTemplate', () => {
  it('improves the guide’s action, then fills it in; keyboard and placeholders come out as they went in', async () => {
    const { llm } = await answering(BETTER);
    const reply = await renderReplyTemplate(guide(), { order_id: 'A-17' }, { llm, userId: '42' });
    expect(reply).toEqual({
      text: BETTER.replace('{{order_id}}', 'A-17'),
      keyboard: KEYBOARD,
      source: 'model',
      missing: [],
    });
    // Without a value the placeholder stands, and is named.
    const bare = await renderReplyTemplate(guide(), {}, { llm });
    expect(bare).toMatchObject({ text: BETTER, source: 'cache', missing: ['order_id'] });
  });

  it('the model never sees a user’s data, and all users of a template share one answer', async () => {
    const { llm, engine } = await answering(BETTER);
    for (const name of ['Ann', 'Боб', 'tok_secret']) {
      const { text } = await renderReplyTemplate(guide(), { order_id: name }, { llm, userId: name });
      expect(text).toContain(name);
    }
    expect(engine.seen).toHaveLength(1);
    expect(JSON.stringify(engine.seen[0]?.body)).not.toMatch(/Ann|Боб|tok_secret/);
  });

  it.each([undefined, false])('asks nobody with llm_improve: %s', async (llm_improve) => {
    const { llm, engine } = await bench();
    const reply = await renderReplyTemplate(guide({ llm_improve }), { order_id: 7 }, { llm });
    expect(reply).toMatchObject({ text: 'Ваш заказ 7 готов к выдаче', source: 'template' });
    expect(engine.seen).toHaveLength(0);
  });

  it.each([
    ['an engine that fails', refuse(400), 'INVALID_REQUEST'],
    ['an answer without the placeholder', completion(JSON.stringify({ text: 'Готово!' })), 'INVALID_ANSWER'],
    ['nonsense', completion('как дела'), 'INVALID_ANSWER'],
  ])('sends the action’s own text after %s', async (_, reply, code) => {
    const { llm, engine } = await bench({ maxRetries: 0 });
    engine.answerWith(reply);
    const { text, source, error } = await renderReplyTemplate(guide(), { order_id: 1 }, { llm });
    expect([text, source]).toEqual(['Ваш заказ 1 готов к выдаче', 'fallback']);
    expect(error?.code).toBeDefined();
    if (code === 'INVALID_ANSWER') expect(error?.code).toBe(code);
  });

  it('sends the action’s own text when it is switched off, closed or asked for a user that cannot be', async () => {
    const { llm } = await bench({ enabled: false });
    expect((await renderReplyTemplate(guide(), {}, { llm })).error?.code).toBe('DISABLED');
    const other = await bench();
    const bad = await renderReplyTemplate(guide(), {}, { llm: other.llm, userId: 'x'.repeat(300) });
    expect([bad.text, bad.error?.code]).toEqual([TEXT, 'INVALID_REQUEST']);
    await other.llm.close();
    expect((await renderReplyTemplate(guide(), {}, { llm: other.llm })).error?.code).toBe('CLIENT_CLOSED');
  });

  it.each<[string, unknown]>([
    ['its top', null],
    ['type', { ...guide(), type: 'action.reply_template.v2' }],
    ['params.text', guide({ text: ' ' })],
    ['params.text', guide({ text: 5 })],
    ['params.llm_improve', guide({ llm_improve: 'yes' })],
    ['params.parse_mode', guide({ parse_mode: 'Markdown3' })],
    ['params.keyboard.1.text', guide({ keyboard: [...KEYBOARD, { callback: '/x' }] })],
    ['params.keyboard.0.0.text', guide({ keyboard: [[{ text: '' }]] })],
    ['params.keyboard.0.1.text', guide({ keyboard: [[...KEYBOARD, { callback: '/x' }]] })],
  ])('names the path of a fault: %s', async (path, action) => {
    const { llm, engine } = await bench();
    const error = await failure(renderReplyTemplate(action, {}, { llm }));
    expect(error).toMatchObject({ code: 'INVALID_REQUEST' });
    expect((error as Error).message).toContain(`at ${path}: `);
    expect(engine.seen).toHaveLength(0);
  });

  it('takes rows of buttons, and fields that are not botllm’s', async () => {
    const { llm } = await bench();
    const keyboard = [
      [{ text: 'a', url: 'https://x' }],
      [{ text: 'b', callback: '/b', style: { red: true } }],
    ];
    const action = guide({ llm_improve: false, keyboard, delay: 3 });
    expect((await renderReplyTemplate(action, {}, { llm })).keyboard).toEqual(keyboard);
  });

  it('takes variables of own properties only, dotted ones too, once and not again', async () => {
    const { llm } = await bench();
    const text = '{{ user.name }} {{a.b}} {{constructor}} {{пол}} {{n}} {{ok}}';
    const vars = { user: { name: '{{n}}' }, 'a.b': 'dot', пол: 'м', n: 0, ok: false };
    const reply = await renderReplyTemplate(guide({ text, llm_improve: false }), vars, { llm });
    expect(reply.text).toBe('{{n}} dot {{constructor}} м 0 false');
    expect(reply.missing).toEqual(['constructor']);
    const error = await failure(renderReplyTemplate(guide({ text: '{{x}}' }), { x: {} }, { llm }));
    expect(error).toMatchObject({ code: 'INVALID_REQUEST', message: expect.stringContaining('vars.x') });
  });
});

describe('with a parse mode', () => {
  const order = { order_id: '<A>_1!' };

  it.each([
    ['HTML', '<b>Заказ</b> {{order_id}}', '<b>Ура, заказ</b> &lt;A&gt;_1! готов &amp; ждёт'],
    ['MarkdownV2', '*Заказ* {{order_id}}', String.raw`*Ура, заказ* <A\>\_1\! готов & ждёт`],
    ['Markdown', '*Заказ* {{order_id}}', String.raw`*Ура, заказ* <A>\_1! готов & ждёт`],
  ])(
    '%s: the model sees words and no markup; what it writes is escaped',
    async (parse_mode, text, expected) => {
      const { llm, engine } = await answering('{{#1}}Ура, заказ{{/1}} {{order_id}} готов & ждёт');
      const reply = await renderReplyTemplate(guide({ text, parse_mode }), order, { llm });
      expect(reply).toMatchObject({ text: expected, source: 'model', parseMode: parse_mode });
      expect(engine.seen.map(messageIn)).toEqual(['{{#1}}Заказ{{/1}} {{order_id}}']);
    },
  );

  it.each([
    ['loses a mark', 'Ура, заказ{{/1}} {{order_id}}'],
    ['closes before it opens', '{{/1}}Ура{{#1}} {{order_id}}'],
    ['leaves an entity empty', '{{#1}} {{/1}}Ура {{order_id}}'],
    ['invents a mark', '{{#1}}Ура{{/1}} {{#2}}{{order_id}}{{/2}}'],
  ])('an answer that %s is asked for once more, then given up', async (_, answer) => {
    const { llm, engine } = await answering(answer);
    const action = guide({ text: '<b>Заказ</b> {{order_id}}', parse_mode: 'HTML' });
    const reply = await renderReplyTemplate(action, order, { llm });
    expect([reply.text, reply.error?.code]).toEqual(['<b>Заказ</b> &lt;A&gt;_1!', 'INVALID_ANSWER']);
    expect(engine.seen).toHaveLength(2);
  });

  it('entities may change places, but not their nesting', async () => {
    const action = guide({ text: '_{{a}} один_ и __два *три*__', parse_mode: 'MarkdownV2' });
    const swapped = await answering('{{#2}}два {{#3}}три{{/3}}{{/2}}{{#1}}{{a}} один{{/1}}');
    // `__` and `_` side by side would be read as another entity: an empty one keeps them apart.
    expect((await renderReplyTemplate(action, { a: 1 }, { llm: swapped.llm })).text).toBe(
      '__два *три*__**_1 один_',
    );
    const torn = await answering('{{#2}}два{{/2}} {{#3}}три{{/3}} {{#1}}{{a}} один{{/1}}');
    expect((await renderReplyTemplate(action, {}, { llm: torn.llm })).error?.code).toBe('INVALID_ANSWER');
  });

  it('a text that looks like the marks it would be given is left as it is', async () => {
    const { llm, engine } = await bench();
    const action = guide({ text: '<b>x</b> {{#1}}', parse_mode: 'HTML' });
    const reply = await renderReplyTemplate(action, {}, { llm });
    expect([reply.text, reply.source]).toEqual(['<b>x</b> {{#1}}', 'fallback']);
    expect(engine.seen).toHaveLength(0);
  });

  it('an improved message that Telegram would not take for its length is not sent', async () => {
    const long = `${'а'.repeat(4_000)} {{v}}`;
    const { llm } = await answering((seen) => `${seen} ${'б'.repeat(99)}`);
    const action = guide({ text: long });
    const reply = await renderReplyTemplate(action, { v: 'в' }, { llm });
    expect([reply.text.length, reply.source]).toEqual([4_002, 'fallback']);
  });
});
