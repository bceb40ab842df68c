import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BIN, Operator, ROOT } from '../support/cli.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';

/** What a new user stumbled over once stays mended. */
let operator: Operator;
let model: string;

beforeAll(async () => {
  operator = await Operator.create();
  model = path.join(operator.home, 'tiny.gguf');
  writeTinyGguf(model, { context: 2048 });
  expect((await operator.run('up', '--engine', 'embedded', '--model', model)).exitCode).toBe(0);
});
afterAll(() => operator[Symbol.asyncDispose]());

const bash = (line: string) =>
  execa('bash', ['-c', line], { env: operator.env, extendEnv: false, reject: false, timeout: 300_000 });
const botllm = `'${process.execPath}' '${BIN}'`;

describe('a program that imports the library', () => {
  test('finds the engine that up started under the same home, on whatever port', async () => {
    const program = path.join(operator.home, 'program.mjs');
    await writeFile(
      program,
      `import { createLlmClient, settingsFromEnv } from '${path.join(ROOT, 'dist/index.js')}';
       const llm = createLlmClient({ ...settingsFromEnv(process.env), store: 'memory' });
       const { model, source } = await llm.completePrompt({ prompt: 'hi', maxTokens: 1 });
       console.log(model, source);
       await llm.close();`,
    );
    const run = await execa(process.execPath, [program], {
      env: { ...operator.env, LLM_ENABLED: 'true' },
      extendEnv: false,
    });
    expect(run.stdout).toBe('tiny model');
  });
});

describe('broken streams', () => {
  test('a reader of stderr that leaves costs only the words', async () => {
    const run = await bash(`${botllm} try intent hi --allow-fallback --json 2> >(exec <&-) | tail -n 1`);
    expect(JSON.parse(run.stdout).schema).toBe('botllm.try.intent/1');
  });

  test('a full disk under stdout is one line and exit code 1, never a stack', async () => {
    const run = await bash(`${botllm} status > /dev/full; echo "exit $?"`);
    expect(run.stdout).toBe('exit 1');
    expect(run.stderr).toMatch(/^Error: .*ENOSPC/);
    expect(run.stderr).not.toContain('    at ');
  });

  test('bytes that are not UTF-8 are refused instead of classified', async () => {
    const run = await bash(
      String.raw`printf '\xef\xf0\xe8\xe2\xe5\xf2' | ${botllm} try intent -; echo "exit $?"`,
    );
    expect(run.stdout).toBe('exit 2');
    expect(run.stderr).toContain('UTF-8');
  });
});

describe('a home that cannot be', () => {
  test.each(['/proc/nope', '/dev/null/home'])('%s is refused at once, naming BOTLLM_HOME', async (home) => {
    const run = await operator.runWith({ env: { BOTLLM_HOME: home } }, 'up');
    expect(run.exitCode).toBe(6);
    expect(run.stderr).toContain('BOTLLM_HOME');
  });

  test('spaces and Cyrillic letters are fine', async () => {
    const home = path.join(operator.home, 'дом с пробелом');
    await mkdir(home);
    const run = await operator.runWith({ env: { BOTLLM_HOME: home } }, 'status', '--json');
    expect([run.exitCode, run.json().data.state]).toEqual([3, 'stopped']);
  });
});

describe('words', () => {
  test('a usage error points at the help of the command that was meant', async () => {
    expect((await operator.run('up', '--port', 'x')).stderr).toContain('Try: botllm up --help');
    expect((await operator.run('try')).stderr).toContain('Try: botllm try --help');
  });

  test('a fallback is not credited to the stand-in, and never said to come from a silent model', async () => {
    const run = await operator.runWith({ env: { LLM_ENABLED: 'false' } }, 'try', 'intent', 'hi');
    expect(run.exitCode).toBe(1);
    expect(run.stderr).not.toMatch(/stand-in|gave no answer/);
  });

  test('status says how busy the engine is', async () => {
    expect((await operator.run('status')).stdout).toMatch(/^requests\s+0 running, 0 waiting$/m);
  });
});
