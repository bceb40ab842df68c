import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { asking, complete } from '../support/asking.js';
import { Operator, toRun } from '../support/cli.js';
import { figure } from '../support/figure.js';
import { ORACLE, oracleIsMissing } from '../support/oracle-server.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';

let operator: Operator;
let other: string;

/** An operator whose engine serves `first`; `other` lies beside it. */
async function serving(...args: string[]): Promise<void> {
  operator = await Operator.create({ PATH: path.dirname(process.execPath), LLAMA_SERVER_BIN: ORACLE });
  const mine = operator;
  onTestFinished(() => mine[Symbol.asyncDispose]());
  const model = (name: string) => writeTinyGguf(path.join(operator.home, `${name}.gguf`), { context: 2048 });
  other = model('second');
  const up = await operator.run('up', '--model', model('first'), '--gpu', 'none', ...args);
  expect([up.exitCode, up.stderr]).toEqual([0, expect.any(String)]);
}

const stateOf = (file: string) => path.join(operator.env.BOTLLM_HOME ?? '', 'state', file);
const read = (file: string) => JSON.parse(readFileSync(stateOf(file), 'utf8'));
const served = async () => (await operator.run('status', '--json')).json().data;
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !/^\S+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
/** Its header is well, and no engine knows such a model. */
const nobodyKnows = (file: string) =>
  writeFileSync(file, readFileSync(file, 'latin1').replaceAll('llama', 'nobdy'), 'latin1');

/** A switch whose engine beside stands still, so that a test can do something meanwhile. */
async function halfway() {
  const child = operator.start(['switch', other, '--json']);
  // Looked for often: on a quick machine it is there for half a second.
  let pid: number | undefined;
  for (let tries = 6_000; pid === undefined && tries > 0; tries -= 1) {
    if (existsSync(stateOf('beside.json'))) pid = read('beside.json').engine.pid as number;
    else await sleep(10);
  }
  if (pid === undefined) throw new Error('no engine was started beside');
  process.kill(pid, 'SIGSTOP');
  onTestFinished(() => {
    if (alive(pid ?? 0)) process.kill(pid ?? 0, 'SIGKILL');
  });
  return { child, pid };
}

describe('switch of an embedded engine, with room for both', () => {
  beforeEach(() => serving('--engine', 'embedded'));

  test('the new one takes the port over from the old one, which finishes what it has', async () => {
    const old = read('engine.json').pid as number;
    const long = complete(operator.port, { max_tokens: 1500, prompt: 'a' }).then((reply) => reply.json());
    await sleep(50);
    const stop = asking(operator.port);
    const run = await operator.run('switch', other, '--json');
    const seen = await stop();
    expect([run.exitCode, run.json().data]).toMatchObject([
      0,
      { switched: true, before: 'first', model: 'second', way: 'moved', downtimeS: expect.any(Number) },
    ]);
    figure(`switch of an embedded engine: ${JSON.stringify({ ...run.json().data, ...seen })}`);
    expect(((await long) as { usage: { completion_tokens: number } }).usage.completion_tokens).toBe(1500);
    expect(await served()).toMatchObject({
      state: 'ready',
      model: 'second',
      endpoint: `http://127.0.0.1:${operator.port}`,
    });
    expect(alive(old)).toBe(false);
    expect(existsSync(stateOf('beside.json'))).toBe(false);
    // It can be followed in its turn.
    const back = await operator.run('switch', path.join(operator.home, 'first.gguf'), '--json');
    expect(back.json().data).toMatchObject({ model: 'first', way: 'moved' });
    expect(
      (await operator.run('switch', path.join(operator.home, 'first.gguf'), '--json')).json().data,
    ).toMatchObject({
      switched: false,
    });
  });

  test('one that does not come up costs nobody an answer', async () => {
    const old = read('engine.json').pid as number;
    nobodyKnows(other);
    const stop = asking(operator.port);
    const run = await operator.run('switch', other, '--json');
    const seen = await stop();
    expect(run.json().error.message).toContain('first was not touched');
    expect(seen).toMatchObject({ failed: 0 });
    expect(read('engine.json').pid).toBe(old);
    expect(existsSync(stateOf('beside.json'))).toBe(false);
  });

  test('Ctrl-C ends the new one and leaves the old one', async () => {
    const { child, pid } = await halfway();
    child.kill('SIGINT');
    expect((await child).exitCode).toBe(130);
    expect(alive(pid)).toBe(false);
    expect(await served()).toMatchObject({ state: 'ready', model: 'first' });
  });

  test('a switch that is killed leaves nothing that down does not end', async () => {
    const { child, pid } = await halfway();
    const second = await operator.run('switch', other, '--json');
    expect(second.json().error).toMatchObject({ code: 'NOT_READY', exitCode: 4 });
    child.kill('SIGKILL');
    await child;
    expect((await operator.run('down')).exitCode).toBe(0);
    expect(alive(pid)).toBe(false);
    expect(existsSync(stateOf('beside.json'))).toBe(false);
  });

  test('a down meanwhile is the last word', async () => {
    const { child, pid } = await halfway();
    expect((await operator.run('down')).exitCode).toBe(0);
    process.kill(pid, 'SIGCONT');
    const run = toRun(await child);
    expect(run.json().error).toMatchObject({ code: 'ENGINE_NOT_RUNNING', exitCode: 3 });
    expect(alive(pid)).toBe(false);
    expect(await served()).toMatchObject({ state: 'stopped' });
  });
});

test('where the memory does not hold both, the old one is stopped first, the sum is told, and it comes back where it must', async () => {
  await serving('--engine', 'embedded', '--memory', '260m');
  const strange = path.join(operator.home, 'strange.gguf');
  copyFileSync(other, strange);
  nobodyKnows(strange);
  const refused = await operator.run('switch', strange, '--json');
  expect([refused.exitCode, refused.stderr]).toEqual([5, expect.stringContaining('first serves again')]);
  const run = await operator.run('switch', other, '--json');
  expect(run.stderr).toMatch(/no room for both: .* are needed and .* are free, so first is stopped first/);
  expect(run.json().data).toMatchObject({ switched: true, model: 'second', way: 'stopped-first' });
});

test.skipIf(oracleIsMissing)(
  'a llama-server cannot move: the new one is tried beside, then started in its place',
  async () => {
    await serving('--engine', 'native');
    const run = await operator.run('switch', other, '--json');
    expect(run.json().data).toMatchObject({ model: 'second', way: 'tried-beside' });
    expect(await served()).toMatchObject({ engine: 'native', state: 'ready', model: 'second' });
  },
);
