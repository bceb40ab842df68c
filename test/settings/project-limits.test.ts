import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/models/nearest.js';
import { checkFile } from '../../src/settings/check.js';
import { homeLayout } from '../../src/settings/home.js';
import { problemError } from '../../src/settings/problem.js';
import { TestFolders } from './folders.js';

const OWN = '.config/botllm/botllm.config.yaml';
const PROJECT = 'bots/botllm.config.yaml';
const DOTENV = 'bots/shop/.env';

describe('a file that comes with a project', () => {
  test.each([
    [PROJECT, '\nllamaServerBin: ./llama-server\n', 'llamaServerBin', 2],
    [PROJECT, 'LLAMA_SERVER_BIN: /tmp/llama-server\n', 'LLAMA_SERVER_BIN', 1],
    [DOTENV, 'A=1\nLLAMA_SERVER_BIN=./llama-server\n', 'LLAMA_SERVER_BIN', 2],
  ])(
    '%s does not choose the program that runs: exit 6, with file, line and the way out',
    async (...given) => {
      const [name, text, key, line] = given;
      await using at = await TestFolders.create();
      const file = await at.write(name, text);
      const { settings, problems } = await at.load();
      expect(settings.llamaServerBin).toBeUndefined();
      expect(problems).toMatchObject([{ file, line, name: key }]);
      const [problem] = problems;
      const error = problem && problemError(problem);
      expect(error?.code).toBe('BAD_CONFIG');
      expect(error?.message).toContain(`${file}:${line}: ${key} names a program`);
      expect(error?.hint).toContain(at.userConfig);
    },
  );

  test('is not passed over for a weaker word, nor taken because a stronger one hides it', async () => {
    await using at = await TestFolders.create();
    await at.write(OWN, 'llamaServerBin: /mine/llama-server');
    await at.write(DOTENV, 'LLAMA_SERVER_BIN=/theirs/llama-server\n');
    expect((await at.load()).problems).toHaveLength(1);
    expect((await at.load({ LLAMA_SERVER_BIN: '/shell/llama-server' })).problems).toHaveLength(1);
  });

  test('is told from the user’s own file, the shell and a file that he names', async () => {
    await using at = await TestFolders.create();
    await at.write(OWN, 'llamaServerBin: /mine/llama-server');
    const mine = { settings: { llamaServerBin: '/mine/llama-server' }, problems: [] };
    expect(await at.load()).toMatchObject(mine);
    expect(await at.load({}, { cwd: at.userConfig })).toMatchObject(mine);
    await at.write('bots/ci.yaml', 'llamaServerBin: /named/llama-server');
    expect(await at.load({}, { configFile: '../ci.yaml' })).toMatchObject({
      settings: { llamaServerBin: '/named/llama-server' },
      problems: [],
    });
    const shell = { LLAMA_SERVER_BIN: '/shell/llama-server' };
    expect((await at.load(shell)).settings.llamaServerBin).toBe('/shell/llama-server');
  });

  test('is found by validation too where a .env is named', async () => {
    await using at = await TestFolders.create();
    const dotenv = await at.write(DOTENV, 'LLAMA_SERVER_BIN=x\n');
    expect(await checkFile(dotenv, nearest, at.userConfig)).toMatchObject([{ file: dotenv, line: 1 }]);
    const own = await at.write(OWN, 'llamaServerBin: /x');
    expect(await checkFile(own, nearest, at.userConfig)).toEqual([]);
  });

  test.each([
    ['HF_TOKEN', 'HF_ENDPOINT', 'hfToken', 'hfEndpoint', 'http://127.0.0.1:9'],
    ['LLM_API_KEY', 'LLM_BASE_URL', 'apiKey', 'baseUrl', 'https://evil.example/v1'],
  ] as const)('does not choose where the user’s %s is sent', async (secret, variable, key, address, url) => {
    await using at = await TestFolders.create();
    const shell = { [secret]: 'sk-of-the-user' };
    for (const [name, text] of [
      [DOTENV, `${variable}=${url}\n`],
      [PROJECT, `${address}: ${url}\n`],
    ] as const) {
      const file = await at.write(name, text);
      const fromShell = await at.load(shell);
      expect([fromShell.settings[key], fromShell.settings[address]]).toEqual([undefined, url]);
      expect(fromShell.withheld[key]).toContain(file);
      expect(fromShell.withheld[key]).not.toContain('sk-of');
      await at.write(OWN, `${key}: sk-of-the-user\n`);
      expect((await at.load()).settings[key]).toBeUndefined();
      await at.write(OWN, '');
      // Who says both says where his own secret goes; an address of the user's own is where he wants it.
      expect((await at.load({ ...shell, [variable]: 'http://mine:1' })).settings[key]).toBe('sk-of-the-user');
      await at.write(name, '');
    }
    await at.write(DOTENV, `${variable}=${url}\n${secret}=sk-of-the-project\n`);
    expect(await at.load()).toMatchObject({ settings: { [key]: 'sk-of-the-project' }, withheld: {} });
    await at.write(DOTENV, '');
    await at.write(OWN, `${address}: ${url}\n`);
    expect(await at.load(shell)).toMatchObject({ settings: { [key]: 'sk-of-the-user' }, withheld: {} });
  });

  test.each(['http://127.0.0.1:11434', 'http://localhost:1/v1', 'http://[::1]:1'])(
    'may name the engine of this machine (%s), which the user’s key is for',
    async (url) => {
      await using at = await TestFolders.create();
      await at.write(DOTENV, `LLM_BASE_URL=${url}\n`);
      const { settings, withheld } = await at.load({ LLM_API_KEY: 'sk' });
      expect([settings.apiKey, withheld]).toEqual(['sk', {}]);
    },
  );

  test.each([
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://127.0.0.1@evil.example',
  ])('does not pass %s off as this machine', async (url) => {
    await using at = await TestFolders.create();
    await at.write(DOTENV, `LLM_BASE_URL=${url}\n`);
    expect((await at.load({ LLM_API_KEY: 'sk' })).settings.apiKey).toBeUndefined();
  });

  test('may move models, state and logs into the project, but not the code that runs', async () => {
    await using at = await TestFolders.create();
    await at.write(PROJECT, 'home: ./here\n');
    const { settings, ownHome } = await at.load();
    expect([settings.home, ownHome]).toEqual([path.join(at.home, 'bots/here'), undefined]);
    await at.write(OWN, 'home: /mine\n');
    expect((await at.load()).ownHome).toBe('/mine');
    expect((await at.load({ BOTLLM_HOME: '/shell' })).ownHome).toBe('/shell');
    const { runtime, models } = homeLayout('/project', '/mine');
    expect([runtime, models]).toEqual(['/mine/runtime', '/project/models']);
  });
});
