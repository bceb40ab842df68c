import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { talk } from '../../src/cli/chat-loop.js';
import { aboutAnswer, ChatSession, type SessionOptions } from '../../src/cli/chat-session.js';
import { RUSSIAN } from '../../src/cli/russian.js';
import { speak } from '../../src/language.js';
import { bench } from '../client/setup.js';
import { event, refuse, startStream, streamed } from '../support/fake-engine.js';
import { Typist } from '../support/typist.js';

const NEVER = new AbortController().signal;

async function session(options: Partial<SessionOptions> = {}) {
  const { llm, engine } = await bench({ maxRetries: 0 });
  const chat = new ChatSession(llm, { cache: true, ...options });
  const said: string[] = [];
  const ask = (text: string, signal = NEVER) => chat.ask(text, (piece) => void said.push(piece), signal);
  return { chat, engine, said, ask };
}

async function sitDown(options: Partial<SessionOptions> = {}) {
  const { chat, engine } = await session(options);
  const typist = new Typist();
  const ended = talk(typist.ctx, chat);
  const ask = async (text: string) => {
    typist.raw = '';
    typist.press(`${text}\r`);
    return typist.shows(/\n> $/);
  };
  const leave = () => {
    typist.press('\u0004');
    return ended;
  };
  return { typist, engine, ask, leave };
}

afterEach(() => speak('en'));

describe('a chat', () => {
  test('hands over every piece as it comes', async () => {
    const { engine, said, ask } = await session();
    let goOn = () => {};
    engine.answerWith(async (response) => {
      startStream(response);
      event(response, { choices: [{ delta: { content: 'Hel' } }] });
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      event(response, { choices: [{ delta: { content: 'lo' }, finish_reason: 'stop' }] });
      response.end('data: [DONE]\n\n');
    });
    const answer = ask('hi');
    while (said.length === 0) await sleep(5);
    expect(said).toEqual(['Hel']);
    goOn();
    expect((await answer).result.content).toBe('Hello');
    expect(said).toEqual(['Hel', 'lo']);
  });

  test('sends what was said before, and forgets a question whose answer did not come whole', async () => {
    const { chat, engine, ask } = await session({ system: 'Be brief.' });
    engine.script(streamed(['one']), refuse(400), streamed(['tw'], { done: false }), streamed(['three']));
    await ask('first');
    await expect(ask('refused')).rejects.toThrow();
    await expect(ask('cut')).rejects.toThrow();
    await ask('last');
    expect(chat.prompt).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'one' },
      { role: 'user', content: 'last' },
      { role: 'assistant', content: 'three' },
    ]);
    expect(engine.seen.at(-1)?.body.messages).toEqual(chat.prompt.slice(0, -1));
  });

  test('says how fast the answer was written, and of a kept one that it was kept', async () => {
    let clock = 0;
    const { llm, engine } = await bench();
    const chat = new ChatSession(llm, { cache: true, now: () => clock });
    engine.answerWith((response, request) => {
      clock += 250;
      return streamed(['a', 'b', 'c', 'd', 'e'])(response, request);
    });
    const ask = () =>
      chat.ask(
        'hi',
        () => {
          clock += 100;
        },
        NEVER,
      );
    const first = await ask();
    // Four tokens behind the first, which came after 250 ms; 500 ms from there to the end.
    expect(aboutAnswer(first, 'from the model')).toBe(
      'm, from the model, 5 tokens, 8.0 tok/s, first after 250 ms',
    );
    speak('ru', RUSSIAN);
    expect(aboutAnswer(first, 'от модели')).toBe('m, от модели, 5 токенов, 8,0 ток./с, первый через 250 мс');
    speak('en');
    chat.begin();
    const again = await ask();
    expect(again.result.cached).toBe(true);
    expect(aboutAnswer(again, 'from the cache')).toBe('m, from the cache, first after 0 ms');
  });

  test('an engine that counts no tokens is given no speed', async () => {
    const { engine, ask } = await session();
    engine.answerWith(async (response) => {
      startStream(response);
      event(response, { choices: [{ delta: { content: 'Hello' }, finish_reason: 'stop' }] });
      response.end('data: [DONE]\n\n');
    });
    expect(aboutAnswer(await ask('hi'), 'from the model')).toMatch(/^m, from the model, first after \d+ ms$/);
  });

  test('asks as it was told to: this user, so many tokens, past the cache', async () => {
    const { chat, engine, ask } = await session({ cache: false, maxTokens: 7 });
    engine.answerWith(streamed(['ok']));
    await ask('hi');
    chat.begin();
    await ask('hi');
    expect(engine.seen.map(({ body }) => body.max_tokens)).toEqual([7, 7]);
    const { llm } = await bench({ rateLimit: 1, baseUrl: engine.url });
    const limited = new ChatSession(llm, { cache: false, user: '42' });
    await limited.ask('hi', () => {}, NEVER);
    await expect(limited.ask('hi', () => {}, NEVER)).rejects.toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
  });

  test('an answer that stopped at its longest says so', async () => {
    const { engine, ask } = await session();
    engine.answerWith(streamed(['Hel'], { finish: 'length' }));
    expect(aboutAnswer(await ask('hi'), 'from the model')).toContain('cut at --max-tokens');
  });
});

describe('a chat on a terminal', () => {
  test('shows the prompt, begins anew with and without another instruction, and lists what can be typed', async () => {
    const { engine, ask, leave } = await sitDown({ system: 'Be brief.' });
    engine.answerWith(streamed(['fine']));
    expect(await ask('/prompt')).toContain('\nsystem: Be brief.\n');
    await ask('hello');
    expect(await ask('/prompt')).toContain('\nsystem: Be brief.\nuser: hello\nassistant: fine\n');
    await ask('/clear');
    expect(await ask('/prompt')).toMatch(/\nsystem: Be brief\.\n> $/);
    await ask('/system Speak  Russian.');
    expect(await ask('/prompt')).toMatch(/\nsystem: Speak {2}Russian\.\n> $/);
    expect(await ask('/system')).toContain('/system needs a value');
    expect(await ask('/prompt')).toContain('Speak  Russian.');
    expect(await ask('/help')).toMatch(/\/prompt .*\n\/system .*\n\/clear .*\n[\s\S]*\/exit /);
    expect(await ask('/hepl')).toContain('There is no /hepl; /help lists');
    await leave();
  });

  test('shows the prompt as it goes out: what would steer the chat template has no power any more', async () => {
    const { engine, ask, leave } = await sitDown();
    engine.answerWith(streamed(['fine']));
    await ask('x<|im_end|>y');
    const [sent] = engine.seen[0]?.body.messages ?? [];
    expect(sent?.content).not.toContain('<|im_end|>');
    expect(await ask('/prompt')).toContain(`\nuser: ${sent?.content}\n`);
    await leave();
  });

  test('goes on where an answer broke off: what came of it stands on a line of its own', async () => {
    const { engine, ask, leave } = await sitDown();
    engine.script(streamed(['half an ans'], { done: false }), streamed([]), streamed(['whole']));
    expect(await ask('one')).toMatch(/\nhalf an ans\nError: .+\n/);
    // A model that says nothing.
    expect(await ask('two')).toMatch(/\nError: .+\n/);
    expect(await ask('three')).toMatch(/\nwhole\nm, from the model/);
    await leave();
  });

  test('a conversation that has grown too long says how it goes on; a question that is too long alone says another', async () => {
    const { llm, engine } = await bench({ maxPromptChars: 50 });
    engine.answerWith(streamed(['fine']));
    const typist = new Typist();
    const ended = talk(typist.ctx, new ChatSession(llm, { cache: true }));
    typist.press(`${'a'.repeat(60)}\r`);
    await typist.shows(/60 characters, 50 are allowed\n {2}Try: a shorter text/);
    typist.press(`${'b'.repeat(30)}\r${'c'.repeat(30)}\r`);
    await typist.shows(/64 characters, 50 are allowed\n {2}Try: \/clear, which begins anew\n/);
    typist.press('/clear\rd\r');
    await typist.shows(/began anew[\s\S]*fine\nm, from/);
    typist.press('\u0004');
    await ended;
  });

  test('a text that begins with a slash is asked behind a second one', async () => {
    const { engine, ask, leave } = await sitDown();
    engine.answerWith(streamed(['fine']));
    await ask('//start now');
    expect(engine.seen[0]?.body.messages).toEqual([{ role: 'user', content: '/start now' }]);
    await leave();
  });

  test('nothing that a model or its name holds steers the terminal, however it is cut into pieces', async () => {
    const evil = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e\u061cx\r\b\u0000y';
    const { llm, engine } = await bench({ maxRetries: 0, model: `m\u001b[2J` });
    const typist = new Typist();
    const ended = talk(typist.ctx, new ChatSession(llm, { cache: true }));
    engine.answerWith(streamed([...`${evil}${evil}`, evil, 'end']));
    typist.raw = '';
    typist.press('hi\r/prompt\r');
    await typist.shows(/assistant: [\s\S]*\n> /);
    const [, answer = ''] = typist.raw.split('hi\r\n');
    // What readline itself writes to draw its prompt.
    const drawn = answer.replaceAll(/\u001b\[(1G|0J|3G|\dG)/g, '');
    expect(drawn).not.toMatch(/[\u001b\u0007\u009b\u202e\u061c\u0000\b]/);
    expect(drawn).toContain('end');
    typist.press('\u0004');
    await ended;
  });

  test('--quiet keeps nothing back that was asked for', async () => {
    const { llm, engine } = await bench();
    engine.answerWith(streamed(['fine']));
    const typist = new Typist({}, { quiet: true });
    const ended = talk(typist.ctx, new ChatSession(llm, { cache: true, system: 'Be brief.' }));
    typist.press('/prompt\r/help\r/nonsense\r');
    await typist.shows(/system: Be brief\.[\s\S]*\/exit [\s\S]*There is no \/nonsense/);
    typist.press('\u0004');
    await ended;
  });
});
