import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LOG_BYTES } from '../../../src/engines/log-rotation.js';
import { processStartTime } from '../../../src/engines/process-identity.js';
import { ROOT } from '../../support/cli.js';

const KEEPER = path.join(ROOT, 'dist/engines/native/log-keeper.js');
let folder: string;
let log: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'botllm-keeper-'));
  log = path.join(folder, 'engine.log');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function start(args: string[], fd?: number): ChildProcess {
  const child = spawn(process.execPath, args, { stdio: ['ignore', fd ?? 'ignore', 'ignore'] });
  children.push(child);
  return child;
}

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !what(); i++) await sleep(50);
  expect(what()).toBe(true);
}

test('the log of a server that never stops talking stays within bounds, and the server goes on writing', async () => {
  writeFileSync(log, '');
  // A server as it is: it holds the file open for appending, and knows of nobody who shortens it.
  const talk = "setInterval(() => process.stdout.write('x'.repeat(200_000) + '\\n'), 20)";
  const server = start(['-e', talk], openSync(log, 'a'));
  const keeper = start([KEEPER, log, String(server.pid), (await processStartTime(server.pid ?? 0)) ?? '']);
  await until(() => existsSync(`${log}.2`));
  expect(statSync(log).size).toBeLessThan(LOG_BYTES * 10);
  expect(existsSync(`${log}.3`)).toBe(false);
  const after = statSync(log).size;
  await until(() => statSync(log).size !== after);

  server.kill('SIGKILL');
  await once(keeper, 'exit');
  expect(keeper.exitCode).toBe(0);
});

test('the keeper ends at once where the process is another one than it was told', async () => {
  writeFileSync(log, '');
  appendFileSync(log, 'x'.repeat(LOG_BYTES + 1));
  const keeper = start([KEEPER, log, String(process.pid), '1']);
  await once(keeper, 'exit');
  expect([keeper.exitCode, statSync(log).size]).toEqual([0, LOG_BYTES + 1]);
});
