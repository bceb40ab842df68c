import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Operator } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';
import { UserManager } from '../support/user-manager.js';

const UNIT = 'botllm.service';

let operator: Operator;
let manager: UserManager;
let model: string;

beforeAll(async () => {
  const plain = await Operator.create();
  manager = await UserManager.start(plain.home);
  operator = await Operator.create({ ...manager.env, BOTLLM_HOME: path.join(plain.home, 'ho me%h$HOME') });
  model = path.join(operator.home, 'tiny $HOME %n.gguf');
  writeTinyGguf(model, { context: 2048 });
  return async () => {
    await manager.stop();
    await operator[Symbol.asyncDispose]();
    await plain[Symbol.asyncDispose]();
  };
});

const state = async () =>
  JSON.parse(await readFile(path.join(operator.env.BOTLLM_HOME ?? '', 'state', 'engine.json'), 'utf8')) as {
    pid: number;
    service?: string;
  };

describe('up --service', () => {
  test('keeps the engine running: a killed one is started again', async () => {
    const up = await operator.run(
      'up',
      '--service',
      '--engine',
      'embedded',
      '--model',
      model,
      '--gpu',
      'none',
      '--json',
    );
    expect([up.exitCode, up.stderr]).toEqual([0, expect.anything()]);
    expect(await manager.show(UNIT, 'ActiveState')).toBe('active');
    const { pid } = await state();
    process.kill(pid, 'SIGKILL');
    const again = await eventually(async () => {
      const now = await state().catch(() => undefined);
      return now && now.pid !== pid ? now : undefined;
    });
    expect(again.service).toBe(UNIT);
    expect((await operator.run('health', '--wait')).exitCode).toBe(0);
    const down = await operator.run('down', '--service', '--json');
    expect(down.json().data).toMatchObject({ removed: true });
  });
});
