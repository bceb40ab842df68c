import { chmod, chown, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { isBotllmError } from '../../src/errors.js';
import { findProjectFile } from '../../src/settings/find.js';
import { badValue, problemError } from '../../src/settings/problem.js';
import { withSettings } from '../../src/settings/resolve.js';
import { isPlanted } from '../../src/settings/trust.js';
import { TestFolders } from './folders.js';

describe('the configuration', () => {
  test('comes from flag, shell, .env, project file and user file, in this order', async () => {
    await using at = await TestFolders.create();
    const url = (name: string) => `http://${name}:1`;
    const user = await at.write('.config/botllm/botllm.config.json', `{"baseUrl": "${url('user')}"}`);
    expect((await at.load()).settings.baseUrl).toBe(url('user'));
    const project = await at.write('bots/botllm.config.yaml', `\nbaseUrl: ${url('project')}`);
    expect((await at.load()).settings.baseUrl).toBe(url('project'));
    const dotenv = await at.write('bots/shop/.env', `# ours\n\nLLM_BASE_URL=${url('dotenv')}\n`);
    const loaded = await at.load();
    expect(loaded.given.get('baseUrl')).toEqual({
      text: url('dotenv'),
      source: { layer: '.env', name: 'LLM_BASE_URL', file: dotenv, line: 3 },
    });
    expect(loaded.files).toMatchObject({ project, user, env: dotenv });
    const env = { LLM_BASE_URL: url('shell') };
    expect((await at.load(env)).settings.baseUrl).toBe(url('shell'));
    expect((await at.load(env, { baseUrl: url('flag') })).settings.baseUrl).toBe(url('flag'));
  });

  test('takes every setting from the strongest place that gives it, so files need not repeat each other', async () => {
    await using at = await TestFolders.create();
    await at.write('.config/botllm/botllm.config.yaml', 'hfToken: hf_x\ntimeout: 5\nintents: [user]');
    await at.write('bots/shop/botllm.config.yaml', 'timeout: 6\nmodel:\n');
    const { settings, intents, problems } = await at.load({ LLM_TIMEOUT: '', LLM_MODEL: ' ' });
    expect(settings).toEqual({ hfToken: 'hf_x', timeoutMs: 6_000 });
    expect(intents?.names).toEqual(['user']);
    expect(problems).toEqual([]);
  });

  test('never falls through from a bad value to a weaker good one', async () => {
    await using at = await TestFolders.create();
    const file = await at.write('bots/shop/botllm.config.yaml', 'model: x\ntimeout: soon');
    await at.write('.config/botllm/botllm.config.yaml', 'timeout: 5');
    const { settings, problems } = await at.load();
    expect(settings.timeoutMs).toBeUndefined();
    const [problem] = problems;
    if (!problem) throw new Error('no problem');
    const error = problemError(problem);
    expect(isBotllmError(error, 'BAD_CONFIG')).toBe(true);
    expect(error.message).toBe(
      `${file}:2: timeout is "soon", which is not seconds, or 250ms, 30s, 2m; from 1 ms to 600 s`,
    );
  });

  test('lets a stronger value stand in for a bad one, which only validation then names', async () => {
    await using at = await TestFolders.create();
    await at.write('bots/shop/botllm.config.yaml', 'timeout: soon');
    const { settings, problems, hidden } = await at.load({ LLM_TIMEOUT: '7' });
    expect([settings.timeoutMs, problems]).toEqual([7_000, []]);
    expect(hidden).toMatchObject([{ name: 'timeout', line: 1 }]);
  });

  test('searches up to and into the home folder, and no further', async () => {
    await using at = await TestFolders.create();
    const file = await at.write('botllm.config.yaml', 'timeout: 5');
    const found = await at.load();
    expect(found.files.project).toBe(file);
    expect(found.files.searched).toEqual([at.cwd, path.dirname(at.cwd), at.home]);
    await using inner = await TestFolders.create();
    const home = path.join(inner.home, 'bots');
    await inner.write('botllm.config.yaml', 'timeout: 5');
    expect((await findProjectFile(inner.cwd, home)).files).toEqual([]);
    expect((await findProjectFile(inner.cwd, '/nobody')).files).toHaveLength(1);
  });

  test('takes the nearest file and no other, and refuses two in one folder', async () => {
    await using at = await TestFolders.create();
    await at.write('bots/botllm.config.yaml', 'timeout: 5\nmodel: far');
    await at.write('bots/shop/botllm.config.json', '{"timeout": 6}');
    const nearest = await at.load();
    expect([nearest.settings, nearest.problems]).toEqual([{ timeoutMs: 6_000 }, []]);
    await at.write('bots/shop/botllm.config.yml', 'timeout: 7');
    const { problems } = await at.load();
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain('botllm.config.yml');
  });

  test('takes --config in the place of the project’s file, wherever it lies', async () => {
    await using at = await TestFolders.create();
    await at.write('bots/shop/botllm.config.yaml', 'timeout: 5');
    await at.write('.config/botllm/botllm.config.yaml', 'model: mine');
    await at.write('bots/ci.yaml', 'rateLimit: 0');
    expect((await at.load({}, { configFile: '../ci.yaml' })).settings).toEqual({
      rateLimit: 0,
      model: 'mine',
    });
    const { problems } = await at.load({}, { configFile: 'nowhere.yaml' });
    expect(problems).toMatchObject([{ file: path.join(at.cwd, 'nowhere.yaml') }]);
    expect(problems[0]?.message).toContain('no such file');
  });

  test('reads the user’s file once when it is the project’s as well', async () => {
    await using at = await TestFolders.create();
    await at.write('.config/botllm/botllm.config.yaml', 'timeout: soon');
    const { problems, hidden, files } = await at.load({}, { cwd: at.userConfig });
    expect([problems.length, hidden.length, files.user]).toEqual([1, 0, undefined]);
  });

  test('means a path in a file from that file’s folder, and a name as it is', async () => {
    await using at = await TestFolders.create();
    const load = async (text: string) => {
      await at.write('bots/botllm.config.yaml', text);
      return (await at.load()).settings;
    };
    expect(await load('home: data')).toEqual({ home: path.join(at.home, 'bots/data') });
    expect(await load('home: ~/data')).toEqual({ home: path.join(at.home, 'data') });
    expect(await load('home: /srv/data')).toEqual({ home: '/srv/data' });
    expect(await load('modelId: ../m.gguf')).toEqual({ modelId: path.join(at.home, 'm.gguf') });
    expect(await load('modelId: m.gguf')).toEqual({ modelId: path.join(at.home, 'bots/m.gguf') });
    expect(await load('modelId: org/repo/m.gguf')).toEqual({ modelId: 'org/repo/m.gguf' });
    expect(await load('modelId: phi3-mini')).toEqual({ modelId: 'phi3-mini' });
    expect((await at.load({ BOTLLM_HOME: 'data' })).settings).toMatchObject({ home: 'data' });
  });
});

test('a secret is not repeated even where its own value is the problem', () => {
  const source = { layer: 'shell', name: 'LLM_API_KEY' } as const;
  expect(JSON.stringify(badValue('apiKey', { text: 'sk-secret', source }))).not.toContain('sk-secret');
});

describe('.env', () => {
  test('is read as Node reads it: byte order mark, CRLF, export, quotes, comments, the last line counts', async () => {
    await using at = await TestFolders.create();
    await at.write(
      'bots/shop/.env',
      '\uFEFFLLM_MODEL="phi3 # mini" # c\r\nexport LLM_TIMEOUT=5\r\nLLM_TIMEOUT=6 # now\r\nBOT_TOKEN=1:x\r\n',
    );
    const { settings, given, problems } = await at.load();
    expect(settings).toEqual({ model: 'phi3 # mini', timeoutMs: 6_000 });
    expect(given.get('timeoutMs')?.source.line).toBe(3);
    expect(problems).toEqual([]);
  });

  test('names the line of a bad value, and never its secrets', async () => {
    await using at = await TestFolders.create();
    await at.write('bots/shop/.env', 'HF_TOKEN=hf_secret\n\nLLM_BASE_URL=ftp://me:hf_secret@host\n');
    const { problems } = await at.load();
    expect(problems).toMatchObject([{ line: 3, name: 'LLM_BASE_URL' }]);
    expect(JSON.stringify(problems)).not.toContain('hf_secret');
  });

  test('says which variable a broken line before it takes along', async () => {
    await using at = await TestFolders.create();
    await at.write('bots/shop/.env', 'A=1\nthis is no assignment\nLLM_TIMEOUT=5\n');
    const { settings, problems } = await at.load();
    if (settings.timeoutMs === undefined) {
      expect(problems).toMatchObject([{ line: 3, name: 'LLM_TIMEOUT' }]);
    } else expect(problems).toEqual([]);
  });

  test('leaves a folder of that name alone', async () => {
    await using at = await TestFolders.create();
    await mkdir(path.join(at.cwd, '.env'));
    const { problems, files } = await at.load();
    expect([problems, files.env]).toEqual([[], undefined]);
  });

  test('hands its documented variables, and nothing else, to programs that read the same ones', async () => {
    await using at = await TestFolders.create();
    await at.write('bots/shop/.env', 'LD_PRELOAD=/evil.so\nBOT_TOKEN=x\nHF_TOKEN=hf_x\nLLM_TIMEOUT=5\n');
    await at.write('bots/shop/botllm.config.yaml', 'port: 12000\n');
    const shell = { PATH: '/bin', LLM_TIMEOUT: ' 9 ' };
    expect(withSettings(shell, await at.load(shell))).toEqual({
      PATH: '/bin',
      LLM_TIMEOUT: ' 9 ',
      HF_TOKEN: 'hf_x',
      BOTLLM_PORT: '12000',
    });
  });

  test('and the shell are searched for names that are nearly ours', async () => {
    await using at = await TestFolders.create();
    await at.write('bots/shop/.env', 'LLM_TIMOUT=5\nOTHER=1\n');
    const { strays } = await at.load({ LLM_BASEURL: 'x', LLM_TIMEOUT: '5', LLM_OF_SOMEBODY_ELSE: '1' });
    expect(strays.join('\n')).toMatch(/^LLM_BASEURL .*LLM_BASE_URL\?\nLLM_TIMOUT .*LLM_TIMEOUT\?$/);
  });
});

describe('a file of a stranger', () => {
  test('is one that lies where all may write, and belongs to neither me, root nor the folder’s owner', () => {
    const me = 1000;
    const open = { fileOwner: 1001, folderOwner: 0, folderMode: 0o41777 };
    expect(isPlanted(open, me)).toBe(true);
    expect(isPlanted({ ...open, folderMode: 0o40755 }, me)).toBe(false);
    for (const fileOwner of [me, 0]) expect(isPlanted({ ...open, fileOwner }, me)).toBe(false);
    expect(isPlanted({ ...open, folderOwner: 1001 }, me)).toBe(false);
  });

  test.runIf(process.getuid?.() === 0)('is left alone and named, be it .env or a project file', async () => {
    await using at = await TestFolders.create();
    await chmod(at.cwd, 0o1777);
    for (const name of ['.env', 'botllm.config.yaml']) {
      const file = await at.write(
        `bots/shop/${name}`,
        'LLM_TIMEOUT=5\n'.replace('=', name === '.env' ? '=' : ': '),
      );
      expect((await at.load()).settings.timeoutMs).toBe(5_000);
      await chown(file, 4242, 4242);
      const { settings, notices } = await at.load();
      expect(settings.timeoutMs).toBeUndefined();
      expect(notices.some((notice) => notice.includes(file))).toBe(true);
    }
  });
});
