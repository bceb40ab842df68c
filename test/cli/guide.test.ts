import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createContext } from '../../src/cli/context.js';
import { guide } from '../../src/cli/guide.js';
import { RUSSIAN } from '../../src/cli/russian.js';
import { createStyle } from '../../src/cli/style.js';
import { speak } from '../../src/language.js';
import { freePort } from '../support/cli.js';
import { Typist } from '../support/typist.js';

const STYLE = createStyle({ color: false, ascii: true });
let home: string;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'botllm-guide-'));
});
afterEach(async () => {
  speak('en');
  await rm(home, { recursive: true, force: true });
});

async function read(env: Record<string, string> = {}, columns = 100) {
  const { ctx } = new Typist();
  const folders = { cwd: home, home, userConfig: path.join(home, 'config') };
  const world = { ...ctx, stdout: { ...ctx.stdout, columns }, env: { BOTLLM_HOME: home, ...env }, folders };
  const { data, text } = await guide(await createContext(world, ctx.out, {}, ctx.signal));
  return { data: data as { models: string[]; next: string[]; engine: object }, text: text?.(STYLE) ?? '' };
}

/** An engine of ours that says this of itself. */
async function engine(about: Record<string, unknown>, status = 200): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    const usual = { instanceId: 'x', startedAt: '', version: '1', pid: 1, phase: 'ready', status: 'ok' };
    response.end(JSON.stringify({ ...usual, model: 'qwen3-1.7b', ...about }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the first-run guide', () => {
  test('with nothing there: says so, what would be fetched, and the command for it', async () => {
    const { text, data } = await read();
    expect(text).toMatch(/^engine +not running\nmodels here +none\n/);
    expect(text).toMatch(/\nbotllm up +brings up \S+ \([\d.]+ [MG]i?B are fetched the first time\)\n/);
    expect(text).toMatch(/\nbotllm doctor +says what is missing/);
    expect(text).toMatch(/\nbotllm --help +lists every command$/);
    expect(data).toMatchObject({ models: [], next: ['botllm up', 'botllm doctor'] });
    // A terminal that does not know its width says 0.
    expect((await read({}, 0)).text).toBe(text);
  });

  test('with a model there: names it, and promises no download', async () => {
    await mkdir(path.join(home, 'models'));
    await writeFile(path.join(home, 'models', 'mine\u001b[2J.gguf'), 'x');
    const { text, data } = await read();
    expect(text).toMatch(/\nmodels here +mine\n[\s\S]*\nbotllm up +brings it up\n/);
    expect(data.models).toEqual(['mine\u001b[2J']);
  });

  test('with an engine up: names model, address and state, and what it can be asked', async () => {
    const url = await engine({});
    const { text, data } = await read({ LLM_BASE_URL: url });
    expect(text).toMatch(new RegExp(`^engine +qwen3-1.7b at ${url}: ready\n`));
    expect(data.next).toEqual([
      'botllm try intent "хочу записаться на завтра"',
      'botllm chat',
      'botllm top',
      'botllm serve',
    ]);
    for (const command of data.next) expect(text).toContain(`\n${command}`);
  });

  test('with an engine that is not ready: what waits for it, and no question that it cannot answer yet', async () => {
    const url = await engine({ status: 'loading', phase: 'load', progress: 0.5 }, 503);
    const { text, data } = await read({ LLM_BASE_URL: url });
    expect(text).toMatch(/^engine +qwen3-1.7b at \S+: loading\n/);
    expect(data.next).toEqual(['botllm health --wait', 'botllm doctor']);
  });

  test('with an address at which nobody answers: names it, and does not offer another engine', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { text, data } = await read({ LLM_BASE_URL: url });
    expect(text).toMatch(new RegExp(`^engine +${url}: not running\n`));
    expect(data.next).toEqual(['botllm config show --sources', 'botllm doctor']);
  });

  test('with a mistake in the configuration: says which, and the command that says how to mend it', async () => {
    const { text, data } = await read({ LLM_TIMEOUT: 'soon' });
    expect(text).toMatch(/\nconfiguration +.*LLM_TIMEOUT.*"soon"/);
    expect(data.next[0]).toBe('botllm config validate');
  });

  test('whatever an engine calls itself, nothing steers the terminal', async () => {
    const url = await engine({ model: 'm\u001b[2J\u009b31m\u202e' });
    const { text, data } = await read({ LLM_BASE_URL: url });
    expect(text).not.toMatch(/[\u001b\u009b\u202e]/);
    // Nobody has such a name: it is no name.
    expect([text, data.engine]).toEqual([
      expect.stringMatching(new RegExp(`^engine +${url}: ready\n`)),
      { engine: 'remote', endpoint: url, state: 'ready' },
    ]);
  });

  test.each(['en', 'ru'] as const)('fits a terminal of 60 columns, in %s', async (language) => {
    if (language === 'ru') speak('ru', RUSSIAN);
    const url = await engine({});
    for (const env of [{}, { LLM_BASE_URL: url }]) {
      const { text } = await read(env as Record<string, string>, 60);
      // A command is one piece, to be copied; what it does stands below it where there is no room behind it.
      for (const line of text.split('\n'))
        if (!/^(botllm|engine|движок) /.test(line)) expect(line.length).toBeLessThanOrEqual(60);
      expect(text).toMatch(language === 'en' ? /\nbotllm --help\n {2}lists/ : /\nbotllm --help\n {2}все/);
    }
  });
});
