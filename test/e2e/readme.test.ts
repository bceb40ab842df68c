import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { freePort, NO_HUB, ROOT } from '../support/cli.js';

/** The commands of README's first code block, as a user copies them. */
async function firstCommands(file: string): Promise<string[]> {
  const readme = await readFile(path.join(ROOT, file), 'utf8');
  const [, block = ''] = /```bash\n([\s\S]*?)```/.exec(readme) ?? [];
  return block.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

test('both READMEs open with the same two commands', async () => {
  const commands = await firstCommands('README.md');
  expect(commands).toHaveLength(2);
  expect(await firstCommands('README.ru.md')).toEqual(commands);
});

test('README’s second command is what .ci/run calls', async () => {
  const [, second = ''] = await firstCommands('README.md');
  const ci = await readFile(path.join(ROOT, '.ci/run'), 'utf8');
  for (const step of second.split(' && ')) {
    expect(ci).toMatch(new RegExp(`^(fetch|timeout) \\d+ ${step}$`, 'm'));
  }
  expect(second).toBe('npm ci && npm test');
});

test('README’s first command works in a fresh copy with an empty home, and the second time from the cache', async () => {
  const [command = ''] = await firstCommands('README.md');
  const scratch = await mkdtemp(path.join(tmpdir(), 'botllm-readme-'));
  const tree = path.join(scratch, 'botllm');
  const home = path.join(scratch, 'home');
  const { stdout: tracked } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  for (const file of tracked.split('\n')) await cp(path.join(ROOT, file), path.join(tree, file));
  const { stdout: npmCache } = await execa('npm', ['config', 'get', 'cache'], { cwd: ROOT });
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    // What npm and pip need to reach their registries is this machine's affair; the rest of the home is new.
    ...registrySettings(),
    npm_config_cache: npmCache,
    BOTLLM_PORT: String(await freePort()),
    HF_ENDPOINT: NO_HUB,
  };
  const shell = (line: string) =>
    execa('bash', ['-c', line], { cwd: tree, env, extendEnv: false, reject: false, timeout: 280_000 });
  try {
    const first = await shell(command);
    expect(first.stderr).toMatch(/smollm2-135m: 98.* MB, Apache/);
    expect([first.exitCode, first.stderr]).toEqual([0, expect.any(String)]);
    expect(first.stdout).toMatch(/^intent\s+(book_service|cancel_booking|get_info|help|unknown)$/m);
    expect(first.stdout).toMatch(/^confidence\s+[01]\.\d\d$/m);
    expect(first.stdout).toMatch(/^entities\s+\S/m);
    expect(first.stderr).toMatch(/from the model/);

    const again = await shell(command.replace(/^npm ci && /, ''));
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toMatch(/from the cache/);
    expect(again.stderr).toMatch(/stand-in/);
    expect(again.stdout).toBe(first.stdout.split('\n').slice(-3).join('\n'));
  } finally {
    await shell('npx botllm down');
    await rm(scratch, { recursive: true, force: true });
  }
});

function registrySettings(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined &&
      /^(npm_config_(registry|cafile|userconfig)|NPM_CONFIG_|PIP_|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|REQUESTS_CA_BUNDLE)/i.test(
        name,
      ),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
