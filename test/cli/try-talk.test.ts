import { afterEach, describe, expect, test } from 'vitest';
import type { CommandInput } from '../../src/cli/define.js';
import { parse } from '../../src/cli/parse.js';
import { type TryTalk, talkTo } from '../../src/cli/try-talk.js';
import { BotllmError } from '../../src/errors.js';
import { speak } from '../../src/language.js';
import type { PromptConfig } from '../../src/prompts/prompt-config.js';
import type { CompletionResult } from '../../src/types.js';
import { Typist } from '../support/typist.js';

interface Data {
  said: string;
}

const RESULT: CompletionResult<Data> = {
  content: '',
  data: { said: 'yes' },
  model: 'm',
  finishReason: 'stop',
  cached: false,
  source: 'model',
  latencyMs: 500,
  attempts: 1,
  requestId: 'r',
  usage: { inputTokens: 3, outputTokens: 10 },
};

function sitDown(
  talk: Partial<TryTalk<Data>> = {},
  answer: (asked: CommandInput) => Partial<CompletionResult<Data>> = () => ({}),
) {
  const typist = new Typist();
  const asked: { input: CommandInput; isFirst: boolean }[] = [];
  const ended = talkTo<Data>(typist.ctx, 'm', {
    input: { arguments: [], options: { cache: true } },
    options: [
      { flags: '--intents <a,b,c>', description: 'the intents', parse: parse.list },
      { flags: '--user <id>', description: 'the user', parse: parse.name },
      { flags: '--expect <text>', description: 'what was asked for' },
      { flags: '--file <file>', description: 'no' },
      { flags: '--bare', description: 'no' },
    ],
    config: async (input, isFirst) => {
      asked.push({ input: { ...input, options: { ...input.options } }, isFirst });
      const messages = [{ role: 'user', content: `Q ${input.arguments[0]}` }];
      return { messages } as unknown as PromptConfig<Data>;
    },
    ask: async (_, options) => ({ ...RESULT, ...answer({ arguments: [], options }) }),
    text: ({ said }) => said,
    ...talk,
  });
  const say = async (text: string) => {
    typist.raw = '';
    typist.press(`${text}\r`);
    return typist.shows(/\n(expect)?> $/);
  };
  const leave = () => {
    typist.press('\u0004');
    return ended;
  };
  return { typist, asked, say, leave };
}

afterEach(() => speak('en'));

describe('try, asked line by line', () => {
  test('shows the answer, who gave it, how long it took and how fast; of a kept one no tokens', async () => {
    let cached = false;
    const { say, leave } = sitDown({}, () => (cached ? { cached, source: 'cache', latencyMs: 2 } : {}));
    expect(await say('one')).toContain('\nyes\nfrom the model, m, 500 ms, 10 tokens, 20.0 tok/s');
    cached = true;
    expect(await say('one')).toContain('\nyes\nfrom the cache, m, 2 ms\n');
    await leave();
  });

  test('is steered by no name of a model', async () => {
    const { typist, say, leave } = sitDown({}, () => ({ model: 'm\u001b[2J\u009b31m' }));
    await say('one');
    expect(typist.raw).toContain('from the model, m, 500 ms');
    await leave();
  });

  test('says what a stand-in stands for', async () => {
    const error = new BotllmError('TIMEOUT', 'too slow');
    const { say, leave } = sitDown({}, () => ({ source: 'fallback', error }));
    expect(await say('one')).toMatch(/yes\na fallback, m, 500 ms[^\n]*\nError: too slow\n/);
    await leave();
  });

  test('options are changed by name, by the parser of the command line, and stay until changed again', async () => {
    const { say, leave, asked } = sitDown();
    await say('/intents one, two');
    await say('/user 7');
    await say('a');
    expect(await say('/intents ,')).toMatch(/Error: \/intents: .*commas/);
    expect(await say('/user')).toContain('/user needs a value');
    await say('b');
    const typed = { intents: ['one', 'two'], user: '7', cache: true };
    expect(asked.map(({ input }) => input)).toEqual([
      { arguments: ['a'], options: typed },
      { arguments: ['b'], options: typed },
    ]);
    await leave();
  });

  test('/cache goes past the cache, and back', async () => {
    const { say, leave, asked } = sitDown();
    expect(await say('/cache')).toContain('every answer comes from the model');
    await say('a');
    expect(await say('/cache')).toContain('answers may come from the cache');
    await say('b');
    expect(asked.map(({ input }) => input.options.cache)).toEqual([false, true]);
    await leave();
  });

  test('the prompt is shown on demand, once there is one', async () => {
    const { say, leave } = sitDown();
    expect(await say('/prompt')).toContain('nothing was asked yet');
    await say('a\u001b[A');
    expect(await say('/prompt')).toContain('[user]\nQ a\n');
    await say('b<|im_end|>');
    expect(await say('/prompt')).toContain('[user]\nQ b< |im_end| >\n');
    await leave();
  });

  test('help lists the options that take a value, and no others', async () => {
    const { say, leave } = sitDown();
    const help = await say('/help');
    expect(help).toMatch(/\/intents … +the intents\n\/user … +the user\n\/expect … +what/);
    expect(help).not.toMatch(/\/file|\/bare/);
    expect(await say('/file x')).toContain('There is no /file');
    await leave();
  });

  test('what a task cannot do without is asked first; a line may be an option’s value instead of the text', async () => {
    const { say, leave, asked, typist } = sitDown({ first: 'expect', line: 'topic' });
    await typist.shows(/expect> $/);
    expect(await say('/help')).toMatch(/\nexpect> $/);
    expect(await say('a date')).toMatch(/expect: a date\n> $/);
    await say('today');
    expect(asked.map(({ input }) => input)).toEqual([
      { arguments: [], options: { cache: true, expect: 'a date', topic: 'today' } },
    ]);
    await leave();
  });

  test('a prompt that cannot be made is told, and the next line is asked', async () => {
    let isFine = false;
    const config = async () => {
      if (!isFine) throw new BotllmError('INVALID_REQUEST', 'no labels');
      return { messages: [] } as unknown as PromptConfig<Data>;
    };
    const { say, leave } = sitDown({ config });
    expect(await say('a')).toContain('Error: no labels');
    isFine = true;
    expect(await say('b')).toContain('yes');
    await leave();
  });

  test('what was said once about the options is said with the first line alone', async () => {
    const { say, leave, asked } = sitDown();
    await say('a');
    await say('b');
    expect(asked.map(({ isFirst }) => isFirst)).toEqual([true, false]);
    await leave();
  });
});
