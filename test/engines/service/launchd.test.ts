import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunTool } from '../../../src/engines/compose/run-tool.js';
import { serviceManager, whose } from '../../../src/engines/service/find.js';
import { homeLayout } from '../../../src/settings/home.js';

// There is no launchd here: these tests show which of its commands are given, and that its answers are understood.
let home: string;
const said: string[] = [];
let loaded = false;
let print = '';
const launchctl: RunTool = async (command, args) => {
  said.push([command, ...args].join(' '));
  if (args[0] === 'bootstrap') loaded = true;
  if (args[0] === 'bootout') loaded = false;
  const known = args[0] !== 'print' || loaded || !args[1]?.endsWith('/botllm');
  const all = known ? print : 'Could not find service "botllm"';
  return { exitCode: known ? 0 : 113, stdout: all, stderr: '', all, missing: false };
};
const manager = () => {
  const found = serviceManager({
    ...{ run: launchctl, env: { HOME: home }, layout: homeLayout(path.join(home, 'data')) },
    platform: 'darwin',
  });
  if (found === null) throw new Error('no manager');
  return found;
};

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'botllm-launchd-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));
beforeEach(() => {
  said.length = 0;
  loaded = false;
  print = '';
});

test('the agent lies in the user’s own LaunchAgents, and is found again as ours', async () => {
  expect(manager().file).toBe(path.join(home, 'Library', 'LaunchAgents', 'botllm.plist'));
  expect((await whose(manager(), homeLayout(path.join(home, 'data')))).owner).toBe('none');
});

test('a start loads the file anew, a stop unloads it, twice is once', async () => {
  const uid = process.getuid?.();
  const { start, stop, file } = manager();
  await start();
  await start();
  expect(said.filter((line) => !line.includes('print'))).toEqual([
    `launchctl bootstrap gui/${uid} ${file}`,
    `launchctl bootout gui/${uid}/botllm`,
    `launchctl bootstrap gui/${uid} ${file}`,
  ]);
  said.length = 0;
  await stop(1_000);
  await stop(1_000);
  expect(said.filter((line) => !line.includes('print'))).toEqual([`launchctl bootout gui/${uid}/botllm`]);
});

test.each([
  ['\tstate = running\n\truns = 1\n\tlast exit code = (never exited)\n', { state: 'running', restarts: 0 }],
  ['\tstate = spawn scheduled\n\truns = 3\n\tlast exit code = 5\n', { state: 'waiting', exitCode: 5 }],
  ['\tstate = not running\n\truns = 2\n\tlast exit code = 0\n', { state: 'stopped', exitCode: 0 }],
  ['\tstate = xpcproxy\n\truns = 0\n\tlast exit code = (never exited)\n', { state: 'starting' }],
])('what launchctl prints is understood: %j', async (text, look) => {
  loaded = true;
  print = text;
  expect(await manager().look()).toMatchObject(look);
});

test('no other system has a manager that botllm knows', () => {
  const layout = homeLayout(home);
  expect(serviceManager({ run: launchctl, env: {}, layout, platform: 'win32' })).toBeNull();
});
