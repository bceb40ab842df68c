import { describe, expect, test } from 'vitest';
import { type Conversation, converse, isTerminal } from '../../src/cli/line-loop.js';
import { BotllmError } from '../../src/errors.js';
import { Typist } from '../support/typist.js';

/** An answer that comes when the test lets it, or ends by its signal. */
function slowAnswer() {
  const asked: string[] = [];
  let finish = () => {};
  const answer = (text: string, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      asked.push(text);
      finish = resolve;
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  return { asked, answer, finish: () => finish() };
}

function sitDown(talk: Partial<Conversation> = {}) {
  const typist = new Typist();
  const commands: [string, string][] = [];
  const ended = converse(typist.ctx, {
    prompt: () => '> ',
    answer: async () => {},
    command: (word, rest) => void commands.push([word, rest]),
    stopped: 'stopped',
    ...talk,
  });
  return { typist, commands, ended };
}

describe('a conversation', () => {
  test('hands over lines and commands as they were typed, and passes over empty ones', async () => {
    const asked: string[] = [];
    const { typist, commands, ended } = sitDown({ answer: async (text) => void asked.push(text) });
    typist.press('  one  two \r\r/word  a  b \r/alone\r\u0004');
    await ended;
    expect(asked).toEqual(['one  two']);
    expect(commands).toEqual([
      ['/word', 'a  b'],
      ['/alone', ''],
    ]);
  });

  test('/exit leaves, and nothing behind it is asked', async () => {
    const asked: string[] = [];
    const { typist, ended } = sitDown({ answer: async (text) => void asked.push(text) });
    typist.press('one\r/exit\rtwo\r');
    await ended;
    expect([asked, typist.isHeard]).toEqual([['one'], false]);
  });

  test('what goes wrong with a line is told, and the next line is asked', async () => {
    const { typist, ended } = sitDown({
      answer: async (text) => {
        if (text === 'bad') throw new BotllmError('TIMEOUT', 'too slow', { hint: 'wait' });
        typist.ctx.out.note(`answer to ${text}`);
      },
    });
    typist.press('bad\r');
    await typist.shows(/Error: too slow\n {2}Try: wait\n> /);
    typist.press('good\r');
    await typist.shows(/answer to good/);
    typist.press('\u0004');
    await ended;
  });

  test('Ctrl-C ends the answer and what was typed behind it; where there is none, it leaves', async () => {
    const { asked, answer } = slowAnswer();
    const { typist, ended } = sitDown({ answer });
    // A pasted text is many lines; who stops the first of them wants none of the others.
    typist.press('one\rtwo\rthree\r');
    await typist.shows(/one/);
    await new Promise(setImmediate);
    typist.press('\u0003');
    await typist.shows(/stopped\n> /);
    expect(asked).toEqual(['one']);
    typist.press('\u0003');
    await ended;
    expect(asked).toEqual(['one']);
  });

  test('Ctrl-D while an answer is written lets it end, asks no more, and leaves the keyboard alone', async () => {
    const { asked, answer, finish } = slowAnswer();
    const { typist, ended } = sitDown({ answer });
    typist.press('one\r');
    await typist.shows(/one/);
    await new Promise(setImmediate);
    typist.press('\u0004');
    await new Promise(setImmediate);
    const prompts = () => typist.text.split('> ').length;
    const before = prompts();
    finish();
    await ended;
    expect([asked, prompts(), typist.isHeard]).toEqual([['one'], before, false]);
  });

  test('a line that is begun while an answer is written is gone on with at its end', async () => {
    const { asked, answer, finish } = slowAnswer();
    const { typist, ended } = sitDown({ answer });
    typist.press('one\r');
    await typist.shows(/one/);
    await new Promise(setImmediate);
    typist.press('hel');
    await new Promise(setImmediate);
    finish();
    await typist.shows(/> hel/);
    // The cursor stands behind it.
    expect(typist.raw).toMatch(/> hel\u001b\[6G$/);
    typist.press('lo\r');
    while (asked.length < 2) await new Promise(setImmediate);
    expect(asked).toEqual(['one', 'hello']);
    finish();
    typist.press('\u0004');
    await ended;
  });

  test('SIGTERM ends an answer and the conversation', async () => {
    const { asked, answer } = slowAnswer();
    const { typist, ended } = sitDown({ answer });
    typist.press('one\rtwo\r');
    await typist.shows(/one/);
    await new Promise(setImmediate);
    typist.terminate(new BotllmError('INTERRUPTED', 'Interrupted'));
    await ended;
    expect([asked, typist.isHeard]).toEqual([['one'], false]);
    expect(typist.text).toContain('\nError: Interrupted\n');
  });

  test('SIGTERM ends it also where nothing was asked', async () => {
    const { typist, ended } = sitDown();
    typist.terminate(new BotllmError('INTERRUPTED', 'Interrupted'));
    await ended;
    expect(typist.isHeard).toBe(false);
  });

  test('a text of a hundred thousand characters is pasted whole', async () => {
    const asked: string[] = [];
    const { typist, ended } = sitDown({ answer: async (text) => void asked.push(text) });
    const text = 'слово '.repeat(16_667).trim();
    typist.press(`${text}\r\u0004`);
    await ended;
    expect(asked).toEqual([text]);
  });
});

test('somebody sits there only where both ends are a terminal, and nobody wants JSON', () => {
  const at = (isIn: boolean, isOut: boolean, json = false) => {
    const { ctx } = new Typist({}, { json });
    const stdin = () => Object.assign(ctx.stdin(), { isTTY: isIn });
    return isTerminal({ ...ctx, stdin, stdout: { ...ctx.stdout, isTTY: isOut } });
  };
  expect([at(true, true), at(false, true), at(true, false), at(true, true, true)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  // --no-input
  expect(isTerminal({ ...new Typist().ctx, mayAsk: false })).toBe(false);
});
