import { describe, expect, test } from 'vitest';
import { configShow } from '../../src/cli/commands/config-show.js';
import { createContext, type GlobalOptions } from '../../src/cli/context.js';
import { createOutput } from '../../src/cli/output.js';
import { RUSSIAN } from '../../src/cli/russian.js';
import { createStyle } from '../../src/cli/style.js';
import { speak } from '../../src/language.js';
import { TestFolders } from '../settings/folders.js';

function contextIn(at: TestFolders, env: Record<string, string> = {}, options: GlobalOptions = {}) {
  const world = {
    env,
    folders: { cwd: at.cwd, home: at.home, userConfig: at.userConfig },
    stdin: () => (async function* () {})(),
    stdout: { write: () => true },
    stderr: { write: () => true },
  };
  const modes = { json: false, quiet: false, verbose: false, noColor: true, ascii: true };
  const out = createOutput({ ...world, ...modes });
  return createContext(world, out, options, new AbortController().signal);
}

describe('what every command gets', () => {
  test('is one resolved set of settings, with the shell’s environment beside it as it is', async () => {
    await using at = await TestFolders.create();
    await at.write(
      'bots/botllm.config.yaml',
      'home: data\nhfEndpoint: http://hub:1\nbaseUrl: http://file:1\n',
    );
    await at.write('bots/shop/.env', 'HF_TOKEN=hf_x\nPIP_INDEX_URL=http://evil\n');
    const shell = { PATH: '/bin', HTTPS_PROXY: 'http://proxy:1' };
    const ctx = await contextIn(at, shell, { baseUrl: 'http://flag:1' });
    expect(ctx.settings).toEqual({
      baseUrl: 'http://flag:1',
      home: `${at.home}/bots/data`,
      hfToken: 'hf_x',
      hfEndpoint: 'http://hub:1',
    });
    expect(ctx.layout.models).toBe(`${at.home}/bots/data/models`);
    expect(ctx.env).toEqual(shell);
    expect(ctx.childEnv).toEqual({
      ...shell,
      LLM_BASE_URL: 'http://flag:1',
      BOTLLM_HOME: `${at.home}/bots/data`,
      HF_TOKEN: 'hf_x',
      HF_ENDPOINT: 'http://hub:1',
    });
  });

  test('holds the intents of the configuration file, or none', async () => {
    await using at = await TestFolders.create();
    expect((await contextIn(at)).intents).toBeUndefined();
    await at.write('bots/shop/botllm.config.yaml', 'intents:\n  book: an appointment\n');
    expect((await contextIn(at)).intents).toEqual({
      names: ['book'],
      descriptions: { book: 'an appointment' },
    });
  });
});

test('config show keeps the keys of a file in Russian, and says its defaults, but nobody’s own words, in it', async () => {
  await using at = await TestFolders.create();
  const ctx = await contextIn(at, { LLM_MODEL: 'none' });
  speak('ru', RUSSIAN);
  try {
    const outcome = await configShow.handler(ctx, { arguments: [], options: {} });
    const said = outcome?.text?.(createStyle({ color: false, ascii: true })) ?? '';
    expect(said).toMatch(/^model +none$/m);
    expect(said).toMatch(/^home +каталог данных пользователя$/m);
    expect(said).toMatch(/^enabled +выключено для среды ботов, включено для CLI$/m);
    expect(said).toMatch(/^baseUrl +работающий движок, иначе http:/m);
  } finally {
    speak('en');
  }
});
