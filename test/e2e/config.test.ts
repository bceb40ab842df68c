import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Operator } from '../support/cli.js';

/** A folder below the operator's home, with these files in it. */
async function project(user: Operator, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const cwd = path.join(user.home, 'bots', 'shop');
  await mkdir(cwd, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(cwd, name), text);
  return cwd;
}

describe('botllm config', () => {
  test('init writes a file that is valid as it is, and never writes over one', async () => {
    await using user = await Operator.create();
    const cwd = await project(user);
    const written = await user.runWith({ cwd }, 'config', 'init', '--json');
    const file = path.join(cwd, 'botllm.config.yaml');
    expect([written.exitCode, written.json().data]).toEqual([0, { file }]);
    expect((await user.runWith({ cwd }, 'config', 'validate')).exitCode).toBe(0);
    expect((await user.runWith({ cwd }, 'config', 'path', '--json')).json().data.project).toBe(file);

    await writeFile(file, 'timeout: 5\n');
    for (const name of [[], ['botllm.config.yaml'], ['botllm.config.json']]) {
      const again = await user.runWith({ cwd }, 'config', 'init', ...name);
      expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining('is there already')]);
    }
    expect(await readFile(file, 'utf8')).toBe('timeout: 5\n');
    expect(await readdir(cwd)).toEqual(['botllm.config.yaml']);
  });

  test('init writes JSON where the name asks for it, and nothing through a link', async () => {
    await using user = await Operator.create();
    const cwd = await project(user);
    await symlink('elsewhere.json', path.join(cwd, 'mine.json'));
    expect((await user.runWith({ cwd }, 'config', 'init', 'mine.json')).exitCode).toBe(2);
    expect((await user.runWith({ cwd }, 'config', 'init', 'mine.toml')).exitCode).toBe(2);
    expect((await user.runWith({ cwd }, 'config', 'init', 'botllm.config.json')).exitCode).toBe(0);
    expect((await readdir(cwd)).sort()).toEqual(['botllm.config.json', 'mine.json']);
    expect((await user.runWith({ cwd }, 'config', 'validate')).exitCode).toBe(0);
  });

  test('show tells every value and its source, and of secrets only that they are set', async () => {
    await using user = await Operator.create({ LLM_API_KEY: 'sk-shell-secret' });
    const cwd = await project(user, {
      'botllm.config.yaml': 'timeout: 20s\nrateLimit: 5\nintents: [book, cancel]\n',
      '.env': 'LLM_RATE_LIMIT=7\nHF_TOKEN=hf_dotenv_secret\n',
    });
    const json = await user.runWith({ cwd }, 'config', 'show', '--json');
    expect(json.json()).toMatchObject({
      schema: 'botllm.config.show/1',
      data: {
        settings: {
          timeoutMs: {
            value: 20_000,
            source: 'project',
            file: path.join(cwd, 'botllm.config.yaml'),
            line: 1,
          },
          rateLimit: { value: 7, source: '.env', file: path.join(cwd, '.env'), line: 1 },
          port: { value: user.port, source: 'shell', variable: 'BOTLLM_PORT' },
          deadlineMs: { value: 45_000, source: 'default' },
          apiKey: { set: true, source: 'shell' },
          hfToken: { set: true, source: '.env' },
        },
        intents: { names: ['book', 'cancel'], source: 'project' },
      },
    });
    const text = await user.runWith({ cwd }, 'config', 'show', '--sources');
    expect(text.stdout).toMatch(/^timeout +20s +\S+botllm\.config\.yaml:1 +LLM_TIMEOUT$/m);
    expect(text.stdout).toMatch(/^hfToken +set \(\.env\) +\S+\.env:2 +HF_TOKEN$/m);
    expect(text.stdout).toMatch(/^apiKey +set \(shell\) +LLM_API_KEY in the shell +LLM_API_KEY$/m);
    const plain = await user.runWith({ cwd }, 'config', 'show');
    expect(plain.stdout).toMatch(/^apiKey +set \(shell\)$/m);
    for (const run of [json, text, plain]) expect(run.stdout + run.stderr).not.toMatch(/secret/);
  });

  test('validate names every mistake of every file and of the shell, with exit 6', async () => {
    await using user = await Operator.create();
    const cwd = await project(user, {
      'botllm.config.json': '{\n  "timeout": "soon",\n  "modle": "x"\n}\n',
      '.env': '\nLLM_TIMEOUT=30\nLLM_CACHE_TTL=ever\n',
    });
    const env = { LLM_MAX_RETRIES: '11', LLM_TIMOUT: '5' };
    const run = await user.runWith({ cwd, env }, 'config', 'validate', '--json');
    expect(run.exitCode).toBe(6);
    const { problems, warnings, valid } = run.json().data;
    expect(valid).toBe(false);
    expect(problems).toMatchObject([
      { file: path.join(cwd, '.env'), line: 3, name: 'LLM_CACHE_TTL' },
      { file: path.join(cwd, 'botllm.config.json'), line: 2, name: 'timeout' },
      { file: path.join(cwd, 'botllm.config.json'), line: 3, detail: 'did you mean model?' },
      { name: 'LLM_MAX_RETRIES' },
    ]);
    expect(warnings).toEqual([expect.stringContaining('LLM_TIMOUT')]);
    expect(run.stderr).toContain(
      `${path.join(cwd, 'botllm.config.json')}:3: there is no setting called modle`,
    );
  });

  test('validate FILE looks at that file alone, a .env included', async () => {
    await using user = await Operator.create({ LLM_MAX_RETRIES: 'bad' });
    const cwd = await project(user, {
      'ok.yaml': 'timeout: 5',
      'bad.yaml': 'timeout: x',
      '.env.prod': 'LLM_TIMEOUT=x',
    });
    const check = async (file: string) => (await user.runWith({ cwd }, 'config', 'validate', file)).exitCode;
    expect(await check('ok.yaml')).toBe(0);
    expect(await check('bad.yaml')).toBe(6);
    expect(await check('.env.prod')).toBe(6);
    expect(await check('missing.yaml')).toBe(6);
    expect(await check('.env.missing')).toBe(6);
    expect(await check('.')).toBe(6);
  });

  test.each([
    ['larger than', { 'botllm.config.yaml': `# ${'x'.repeat(2 * 1024 * 1024)}` }],
    ['larger than', { '.env': `# ${'x'.repeat(2 * 1024 * 1024)}` }],
    ['second time', { 'botllm.config.yaml': 'model: a\nmodel: b' }],
    ['stands beside it', { 'botllm.config.yaml': '', 'botllm.config.json': '{}' }],
  ])('a file that is wrong (%s) ends every other command with exit 6 and its name', async (words, files) => {
    await using user = await Operator.create();
    const cwd = await project(user, files);
    const run = await user.runWith({ cwd }, 'status', '--json');
    expect([run.exitCode, run.json().error.code]).toEqual([6, 'BAD_CONFIG']);
    expect(run.json().error.message).toContain(words);
    expect(run.json().error.message).toContain(cwd);
    expect((await user.runWith({ cwd }, 'config', 'path')).exitCode).toBe(0);
  });
});

describe('the configuration', () => {
  test('rules what commands do: the home of a project file, the address of .env, and --config over both', async () => {
    await using user = await Operator.create();
    const cwd = await project(user, {
      'botllm.config.yaml': 'home: ./here\n',
      '.env': 'LLM_BASE_URL=http://127.0.0.1:9\n',
      'other.json': '{"home": "./there"}',
    });
    const { BOTLLM_HOME: _, ...env } = user.env;
    const run = (...args: string[]) => user.start(args, { cwd, env: { ...env, BOTLLM_HOME: '' } });
    const home = async (...args: string[]) =>
      JSON.parse((await run('config', 'path', '--json', ...args)).stdout).data.home;
    expect(await home()).toBe(path.join(cwd, 'here'));
    expect(await home('--config', 'other.json')).toBe(path.join(cwd, 'there'));
    const status = await run('status', '--json');
    expect(JSON.parse(status.stdout).data).toMatchObject({
      engine: 'remote',
      endpoint: 'http://127.0.0.1:9',
    });
  });
});
