import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { requireNoOther, sweepBeside, writeBeside } from '../../../src/engines/beside/record.js';
import { processStartTime } from '../../../src/engines/process-identity.js';
import { homeLayout } from '../../../src/settings/home.js';

async function home() {
  const folder = await mkdtemp(path.join(tmpdir(), 'botllm-beside-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return homeLayout(folder);
}

/** A process that would live for minutes, with what tells it from others. */
async function living() {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600000)'], { stdio: 'ignore' });
  const pid = child.pid ?? 0;
  const over = new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, over, identity: { pid, pidStartTime: (await processStartTime(pid)) ?? '' } };
}

async function recordOf(layout: ReturnType<typeof homeLayout>, record: object): Promise<void> {
  await writeBeside(layout, {});
  await writeFile(layout.besideState, JSON.stringify({ schema: 1, ...record }));
}

const GONE = { pid: 2 ** 30, pidStartTime: '1' };

describe('what a switch has started beside', () => {
  test('is ended by the next command where the switch itself is gone', async () => {
    const layout = await home();
    const { over, identity } = await living();
    await recordOf(layout, { owner: GONE, engine: identity });
    expect(await sweepBeside(layout)).toBe(false);
    expect(await over).toBe('SIGKILL');
    expect(existsSync(layout.besideState)).toBe(false);
  });

  test('is left alone while the switch lives, and a second switch is refused', async () => {
    const layout = await home();
    const [owner, engine] = [await living(), await living()];
    await recordOf(layout, { owner: owner.identity, engine: engine.identity });
    expect(await sweepBeside(layout)).toBe(true);
    expect(engine.child.exitCode).toBeNull();
    await expect(requireNoOther(layout)).rejects.toMatchObject({ code: 'NOT_READY' });
  });

  test('is not a later process that got its number', async () => {
    const layout = await home();
    const { child, identity } = await living();
    await recordOf(layout, { owner: GONE, engine: { ...identity, pidStartTime: '1' } });
    await sweepBeside(layout);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });

  test('as a container stays written down until somebody could remove it', async () => {
    const layout = await home();
    await recordOf(layout, { owner: GONE, container: true });
    await sweepBeside(layout);
    expect(existsSync(layout.besideState)).toBe(true);
    let removed = 0;
    await sweepBeside(layout, async () => {
      removed += 1;
    });
    expect([removed, existsSync(layout.besideState)]).toEqual([1, false]);
  });

  test.each(['', '{', '{"schema":1}', '[]', '{"schema":1,"owner":{"pid":-1,"pidStartTime":""}}'])(
    'is nothing where the record reads %j',
    async (text) => {
      const layout = await home();
      await recordOf(layout, {});
      await writeFile(layout.besideState, text);
      expect(await sweepBeside(layout)).toBe(false);
    },
  );
});
