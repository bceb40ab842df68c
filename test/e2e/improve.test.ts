import { linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Operator, toRun } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { completion, refuse, startFakeEngine } from '../support/fake-engine.js';
import { messageIn } from '../support/oracle.js';

const action = (text: string, more: object = {}) => ({
  type: 'action.reply_template.v1',
  params: { text, ...more },
});
const BOT = {
  screens: [action('Привет, {{name}}'), action('Пока'), action('Не трогай', { llm_improve: false })],
};

/** An operator with a bot, and a model that makes each message friendlier. */
async function studio(spec: unknown = BOT) {
  const engine = await startFakeEngine();
  engine.answerWith((response, request) =>
    completion(JSON.stringify({ text: `${messageIn(request)}!` }))(response, request),
  );
  const operator = await Operator.create({
    LLM_BASE_URL: engine.url,
    LLM_MODEL: 'fake-model',
    LLM_CACHE_TTL: '0',
  });
  onTestFinished(async () => {
    await operator[Symbol.asyncDispose]();
    await engine.close();
  });
  const file = path.join(operator.home, 'bot.json');
  writeFileSync(file, `${JSON.stringify(spec, null, 4)}\n`);
  const read = () => readFileSync(file, 'utf8');
  return {
    engine,
    operator,
    file,
    read,
    improve: (...more: string[]) => operator.run('improve', 'bot.json', ...more),
  };
}

describe('botllm improve', () => {
  test('shows a diff and changes nothing; --write then writes exactly that, and asks nobody', async () => {
    const { engine, read, improve } = await studio();
    const before = read();
    const shown = await improve();
    expect(shown).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('2 improved') });
    expect(shown.stdout).toContain('- Привет, {{name}}\n+ Привет, {{name}}!');
    expect(shown.stdout).not.toContain('Не трогай');
    expect(read()).toBe(before);
    const asked = engine.seen.length;
    expect((await improve('--write')).exitCode).toBe(0);
    expect(read()).toBe(before.replace('{{name}}', '{{name}}!').replace('Пока', 'Пока!'));
    // Nor does a third run: what was written is as good as it gets.
    expect((await improve('--write')).stderr).toContain('2 already as good');
    expect(engine.seen).toHaveLength(asked);
    expect((await improve('--anew', '--json')).json().data.changes).toHaveLength(2);
  });

  test('--write puts another file in the place of the old one: whoever reads has the one or the other whole', async () => {
    const { operator, file, read, improve } = await studio();
    const before = read();
    const reader = path.join(operator.home, 'as it was');
    linkSync(file, reader);
    expect((await improve('--write')).exitCode).toBe(0);
    expect(readFileSync(reader, 'utf8')).toBe(before);
    expect(read()).not.toBe(before);
    expect(readdirSync(operator.home).filter((name) => name.startsWith('bot.json'))).toEqual(['bot.json']);
  });

  test('goes on where it was killed, and asks nothing twice', async () => {
    const texts = Array.from({ length: 12 }, (_, n) => `Текст ${n}`);
    const { engine, operator, read, improve } = await studio(texts.map((text) => action(text)));
    const before = read();
    engine.answerWith((response, request) =>
      completion(JSON.stringify({ text: `${messageIn(request)}!` }), { delayMs: 150 })(response, request),
    );
    const running = operator.start(['improve', 'bot.json', '--write', '--concurrency', '2']);
    await eventually(async () => engine.seen.length >= 6 || undefined);
    running.kill('SIGKILL');
    await running;
    expect(read()).toBe(before);
    const once = engine.seen.map(messageIn);
    const again = await improve('--write');
    expect(again.stderr).toMatch(/\d+ answers of an earlier run/);
    expect(read()).toBe(before.replaceAll(/Текст \d+/g, '$&!'));
    const twice = engine.seen.slice(once.length).map(messageIn);
    // Only what was on its way when it was killed.
    expect(once.filter((text) => twice.includes(text)).length).toBeLessThanOrEqual(2);
  });

  test('asks at most as many at once as it is told', async () => {
    const { engine, improve } = await studio(Array.from({ length: 9 }, (_, n) => action(`Текст ${n}`)));
    let [now, most] = [0, 0];
    engine.answerWith(async (response, request) => {
      most = Math.max(most, ++now);
      await completion(JSON.stringify({ text: `${messageIn(request)}!` }), { delayMs: 200 })(
        response,
        request,
      );
      now--;
    });
    expect((await improve('--concurrency', '3')).exitCode).toBe(0);
    expect(most).toBe(3);
  });

  test('a message whose answer is not taken stays, and is named; the others are improved', async () => {
    const { engine, read, improve } = await studio();
    engine.answerWith((response, request) => {
      const text = messageIn(request);
      return completion(JSON.stringify({ text: text.includes('{{') ? 'Привет!' : `${text}!` }))(
        response,
        request,
      );
    });
    const { exitCode, stderr } = await improve('--write');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('screens.0.params.text stays as it is');
    expect(JSON.parse(read()).screens.map((one: ReturnType<typeof action>) => one.params.text)).toEqual([
      'Привет, {{name}}',
      'Пока!',
      'Не трогай',
    ]);
  });

  test('an engine that refuses everybody ends it at once, with nothing written', async () => {
    const { engine, read, improve } = await studio();
    engine.answerWith(refuse(401));
    const before = read();
    const run = await improve('--write', '--json', '--concurrency', '1');
    expect(run).toMatchObject({ exitCode: 6 });
    expect(run.json().error).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(engine.seen).toHaveLength(1);
    expect(read()).toBe(before);
  });

  test('does not write over what somebody else wrote meanwhile', async () => {
    const { engine, file, read, improve } = await studio();
    engine.answerWith((response, request) => {
      writeFileSync(file, '{"screens": []}');
      return completion(JSON.stringify({ text: `${messageIn(request)}!` }))(response, request);
    });
    expect(await improve('--write')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('has changed'),
    });
    expect(read()).toBe('{"screens": []}');
  });

  test('takes standard input and prints the whole of it', async () => {
    const { operator } = await studio();
    const input = 'hi: {type: action.reply_template.v1, params: {text: Ваш заказ}} # кухня\n';
    const run = toRun(await operator.start(['improve', '-', '--write'], { input }));
    expect(run).toMatchObject({ exitCode: 0, stdout: input.replace('Ваш заказ', '"Ваш заказ!"').trimEnd() });
  });

  test('a specification without messages, or with a bad one, is refused by path and line', async () => {
    const { operator, improve } = await studio({ screens: [action('')] });
    expect(await improve()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('screens.0') });
    const none = await operator.runWith({ input: '{}' }, 'improve', '-');
    expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('action.reply_template.v1') });
    expect((await operator.run('improve', 'nothing.json')).exitCode).toBe(2);
  });
});
