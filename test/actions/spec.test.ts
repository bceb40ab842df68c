import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMessages, withTexts } from '../../src/actions/spec.js';
import { failure } from '../client/setup.js';

const action = (text: string, more: object = {}) => ({
  type: 'action.reply_template.v1',
  params: { text, ...more },
});

describe('findMessages', () => {
  it('finds every reply template wherever it stands, with its place', async () => {
    const bot = {
      name: 'x',
      screens: [{ id: 'a', actions: [action('раз'), { type: 'action.other.v1', params: { text: 'нет' } }] }],
      'start.up': action('два', { parse_mode: 'HTML', tone: 'calm', llm_improve: false }),
    };
    const found = await findMessages(JSON.stringify(bot, null, 2), 'json');
    expect(found).toMatchObject([
      { path: 'screens.0.actions.0.params.text', line: 10, text: 'раз', refused: false },
      { path: 'start.up.params.text', text: 'два', parseMode: 'HTML', tone: 'calm', refused: true },
    ]);
  });

  it('changes texts of JSON and leaves every other letter', async () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((one) => one.trim() !== '' && !/[\ud800-\udfff]/.test(one));
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 4 }),
        text,
        fc.constantFrom(0, 2, '\t'),
        async (texts, next, indent) => {
          const source = JSON.stringify(
            { list: texts.map((one) => ({ deep: [action(one)] })), end: 1e3 },
            null,
            indent,
          );
          const found = await findMessages(source, 'json');
          expect(found.map((message) => message.text)).toEqual(texts);
          expect(
            withTexts(
              source,
              found.map(({ range, text: same }) => ({ range, text: same })),
            ),
          ).toBe(source);
          const changed = withTexts(
            source,
            found.map(({ range }) => ({ range, text: next })),
          );
          expect(JSON.parse(changed)).toEqual({
            list: texts.map(() => ({ deep: [action(next)] })),
            end: 1e3,
          });
        },
      ),
      { numRuns: 150, seed: 20261125 },
    );
  });

  it('changes texts of YAML in every style, and keeps comments, anchors and documents', async () => {
    const source = [
      '# a bot',
      'a: {type: action.reply_template.v1, params: {text: plain words, n: 1}} # flow',
      'b:',
      '  - type: action.reply_template.v1',
      '    params: # here',
      '      text: |',
      '        two',
      '        lines {{x}}',
      '      keyboard: [{text: ok, callback: /ok}]',
      "  - {type: action.reply_template.v1, params: {text: 'it''s'}}",
      '---',
      'type: action.reply_template.v1',
      'params: &p',
      '  text: plain to the end # c',
      '',
    ].join('\n');
    const found = await findMessages(source, 'yaml');
    expect(found.map(({ path, text }) => [path, text])).toEqual([
      ['a.params.text', 'plain words'],
      ['b.0.params.text', 'two\nlines {{x}}\n'],
      ['b.1.params.text', "it's"],
      ['params.text', 'plain to the end'],
    ]);
    const changed = withTexts(
      source,
      found.map(({ range, text }) => ({ range, text: `${text}: "new" #1` })),
    );
    const again = await findMessages(changed, 'yaml');
    expect(again.map(({ text }) => text)).toEqual(found.map(({ text }) => `${text}: "new" #1`));
    for (const kept of [
      '# a bot',
      '# flow',
      '# here',
      'keyboard: [{text: ok, callback: /ok}]',
      '&p',
      '# c',
    ]) {
      expect(changed).toContain(kept);
    }
  });

  it.each([
    ['json', '{"a": 1,}', /./],
    ['yaml', 'a: [1, 2', /./],
    ['yaml', 'a: 1\na: 2', /unique/],
  ] as const)('refuses %s that cannot be read, and says why', async (format, source, why) => {
    const error = await failure(findMessages(source, format));
    expect(error).toMatchObject({ code: 'INVALID_REQUEST', detail: expect.stringMatching(why) });
  });

  it('names path, line and fault of an action that is not right', async () => {
    const source = JSON.stringify({ all: [action('ok'), action('x', { llm_improve: 'yes' })] }, null, 1);
    expect(await failure(findMessages(source, 'json'))).toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringMatching(/all\.1.*line 9/),
      detail: expect.stringContaining('params.llm_improve'),
    });
  });
});
