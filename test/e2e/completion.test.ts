import { randomUUID } from 'node:crypto';
import { access, chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheKey, namedLimitKey } from '../../src/stores/keys.js';
import { BIN, freePort, Operator } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { Pty } from '../support/pty.js';
import { storeAtHand } from '../support/store-at-hand.js';

let operator: Operator;
let env: Record<string, string>;

beforeAll(async () => {
  operator = await Operator.create();
  const bin = path.join(operator.home, 'bin');
  await mkdir(bin);
  await writeFile(path.join(bin, 'botllm'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
  await chmod(path.join(bin, 'botllm'), 0o755);
  await writeFile(path.join(operator.home, 'spec-1.json'), '{}');
  env = { ...operator.env, PATH: `${bin}:${operator.env.PATH}`, TERM: 'dumb' };
});
afterAll(() => operator[Symbol.asyncDispose]());

/** How each shell is brought to complete a line without anybody at its keyboard. */
const ASK: Readonly<Record<string, (line: string) => Promise<string[]>>> = {
  async bash(line) {
    const words = line.split(/(?<=[:=])|(?=[:=])| /);
    const script = `source <(botllm completion bash)
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _botllm; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return lines(
      (await execa('bash', ['--norc', '-c', script, '_', ...words], { env, extendEnv: false })).stdout,
    );
  },
  async zsh(line) {
    // Its completion lives in its line editor, so a Tab is pressed, and what stands on the screen is read.
    const server = `botllm-${randomUUID()}`;
    const tmux = async (...args: string[]) =>
      (await execa('tmux', ['-L', server, ...args], { env: { LC_ALL: 'C.UTF-8', ...env }, extendEnv: false }))
        .stdout;
    const shows = (what: RegExp) =>
      eventually(async () => {
        const screen = await tmux('capture-pane', '-p');
        return what.test(screen) ? screen : undefined;
      });
    await tmux('-f', '/dev/null', 'new-session', '-d', '-x', '120', '-y', '40', 'zsh -f');
    try {
      const setUp =
        'autoload -Uz compinit; compinit -u -D; source <(botllm completion zsh); clear; print READY';
      await tmux('send-keys', setUp, 'Enter');
      await shows(/^READY/m);
      await tmux('send-keys', line, 'Tab');
      // What is unique is put in its place; of several the list is shown.
      const screen = await shows(new RegExp(`${line}\\S|^\\S+ +-- `, 'm'));
      return screen.split(/\s+/).filter((word) => word !== '');
    } finally {
      await tmux('kill-server');
      await rm(`/tmp/tmux-${process.getuid?.()}/${server}`, { force: true });
    }
  },
  async fish(line) {
    const script = 'botllm completion fish | source; complete -C $argv[1]';
    const { stdout } = await execa('fish', ['--no-config', '-c', script, line], { env, extendEnv: false });
    return lines(stdout).map((one) => one.replace(/\t.*/, ''));
  },
};

function lines(text: string): string[] {
  return text.split('\n').filter((one) => one !== '');
}

describe.each(Object.keys(ASK))('%s', (shell) => {
  const ask = (line: string) => (ASK[shell] ?? (async () => []))(line);

  test('completes commands, options, choices, models and users', async () => {
    const offered = (...words: string[]) => expect.arrayContaining(words);
    expect(await ask('botllm stat')).toEqual(offered('stats', 'status'));
    expect(await ask('botllm up --quant')).toEqual(offered('--quantize'));
    expect(await ask('botllm up --engine em')).toEqual(offered('embedded'));
    expect(await ask('botllm models show phi')).toEqual(offered('phi3-mini'));
    // He is offered for as long as his call counts: a minute.
    const { store, close } = await storeAtHand('embedded', operator);
    await store.take(namedLimitKey('-', 'tg:42'), 10, 60_000);
    await close();
    const users = await ask('botllm limits show tg:4');
    expect(users.map((one) => one.replace(/^tg:/, ''))).toEqual(offered('42'));
  });
});

// bash does so in its editor alone, below.
test.each(['zsh', 'fish'])('%s offers files where nothing is known', async (shell) => {
  const found = await ASK[shell]?.(`botllm improve ${path.join(operator.home, 'spec')}`);
  expect(found?.join(' ')).toContain('spec-1.json');
});

describe('bash with somebody at its keyboard', () => {
  const typing = (setUp = ':') =>
    new Pty(['bash', '--norc', '--noprofile', '-i'], {
      ...{ columns: 120, rows: 30 },
      env: { ...env, TERM: 'xterm-256color', SETUP: setUp },
    });

  test.each([
    ['as it is', ':'],
    ['that does not cut words at colons', `COMP_WORDBREAKS=\${COMP_WORDBREAKS//:}`],
  ])('%s: puts the rest of a word behind what was typed of it', async (_, setUp) => {
    const { store, close } = await storeAtHand('embedded', operator);
    await store.take(namedLimitKey('-', 'tg:42'), 10, 60_000);
    await close();
    await using pty = typing(setUp);
    await pty.shows(/[#$] *$/m);
    pty.press('PS1="READY> "; eval "$SETUP"; source <(botllm completion bash); clear\r');
    await pty.shows(/^READY>\s*$/m);
    pty.press('botllm limits show tg:4\t');
    await pty.shows(/^READY> botllm limits show tg:42 ?$/m);
    pty.press('\u0015botllm up --engine=em\t');
    await pty.shows(/^READY> botllm up --engine=embedded ?$/m);
    pty.press(`\u0015clear; cd ${operator.home}\rbotllm improve spec\t`);
    await pty.shows(/^READY> botllm improve spec-1\.json ?$/m);
  });
});

test('asks the store that the line names, and is silent where that is away', async () => {
  const { store, close } = await storeAtHand('embedded', operator);
  await store.take(namedLimitKey('salon', '43'), 10, 60_000);
  const answers = [
    { scope: 'spa', task: 'mood' },
    { scope: 'spa', task: 'intent' },
  ];
  for (const { scope, task } of answers)
    await store.cachePut(
      cacheKey({ scope, task, model: 'm', hash: 'a'.repeat(64) }),
      `${Date.now()} x`,
      60_000,
    );
  await close();
  const away = { REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
  const ask = (...words: string[]) => operator.runWith({ env: away }, 'complete', 'bash', ...words);
  expect(await ask(':4', 'limits', 'show')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  expect((await ask(':4', '--redis', 'none', 'limits', 'show')).stdout.split('\n')).toContain('43');
  expect((await ask(':sa', '--redis=none', 'limits', 'show', '43', '--scope')).stdout).toBe('salon');
  expect((await ask(':sp', '--redis=none', 'cache', 'clear', '--scope')).stdout).toBe('spa');
  // The four tasks, and a bot's own.
  expect((await ask(':', '--redis=none', 'cache', 'clear', '--task')).stdout.split('\n').sort()).toEqual([
    'improve',
    'intent',
    'menu',
    'mood',
    'validate',
  ]);
});

// zsh cuts the line into words in its own editor, before any script of ours sees it.
test.each(['bash', 'fish'])('%s evaluates nothing of what was typed', async (shell) => {
  const trap = path.join(operator.home, `trap-${shell}`);
  const traps = [`$(touch\${IFS}${trap})`, `\`touch\${IFS}${trap}\``];
  // fish has other words for it, which may hold a space.
  if (shell === 'fish') traps.push(`(touch ${trap})`, `$(touch ${trap})`);
  for (const typed of traps) {
    await ASK[shell]?.(`botllm try intent ${typed} --j`);
  }
  await expect(access(trap)).rejects.toThrow();
});

test('a script is the same in JSON, and a broken configuration does not keep it back', async () => {
  const run = await operator.runWith({ env: { LLM_TIMEOUT: 'soon' } }, 'completion', 'powershell', '--json');
  expect(run.json()).toMatchObject({ schema: 'botllm.completion/1', data: { shell: 'powershell' } });
  expect((await operator.run('completion', 'powershell')).stdout).toBe(run.json().data.script);
  expect((await operator.run('completion', 'tcsh')).exitCode).toBe(2);
});
