import { once } from 'node:events';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processStartTime } from '../../src/engines/process-identity.js';
import { namedLimitKey } from '../../src/stores/keys.js';
import { aReport, aResult, aTarget } from '../bench/fixtures/report.js';
import { BIN, Operator } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { childOf, processorSeconds, residentBytes } from '../support/process-cost.js';
import { Pty } from '../support/pty.js';
import { storeAtHand } from '../support/store-at-hand.js';
import { call } from '../tui/model.js';

const SIZE = { columns: 100, rows: 24 };
/** Erases the screen or what was scrolled off it: what makes a terminal flicker. */
const FULL_CLEARS = /\u001b\[[23]J/g;
let operator: Operator;
let log: string;

beforeAll(async () => {
  operator = await Operator.create();
  log = path.join(operator.env.BOTLLM_HOME ?? '', 'logs', 'events.ndjson');
  await mkdir(path.dirname(log), { recursive: true });
  await write('r1', { event: 'llm_success', latencyMs: 400, attempts: 1, outputTokens: 12 });
});
afterAll(() => operator[Symbol.asyncDispose]());

async function write(requestId: string, end: object): Promise<void> {
  const lines = call(requestId, 'intent', end).map((event) => JSON.stringify(event));
  await appendFile(log, `${lines.join('\n')}\n`);
}

const top = (args: readonly string[] = [], size = SIZE, env: Record<string, string> = {}) =>
  new Pty([process.execPath, BIN, 'top', ...args], { ...size, env: { ...operator.env, ...env } });

describe('botllm top on a terminal', () => {
  test('follows the event log, goes from screen to screen, and leaves the terminal as it was', async () => {
    await using pty = top();
    await pty.shows(/intent {2}1/);
    expect(pty.buffer).toBe('alternate');
    pty.press('2');
    await pty.shows(/> 12:41:05 {2}intent .* model /);
    await write('r2', { event: 'llm_error', latencyMs: 30_000, error: 'TIMEOUT' });
    await pty.shows(/TIMEOUT/);
    pty.press('j\r');
    await pty.shows(/outputTokens {3}12/);
    pty.press('?');
    await pty.shows(/Tab {4}the next screen/);
    pty.press('q');
    expect(await pty.ended()).toBe(0);
    expect(pty.buffer).toBe('normal');
    expect(pty.raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(pty.raw.lastIndexOf('\u001b[?25l'));
    expect(pty.raw.match(FULL_CLEARS)).toBeNull();
  });

  test('fits a window that changes its size, and says when it is too small', async () => {
    await using pty = top();
    await pty.shows(/Overview/);
    pty.resize(60, 12);
    await eventually(async () => ((await pty.lines()).at(-2)?.includes('quit') ? true : undefined));
    pty.resize(30, 8);
    await pty.shows(/botllm top needs 40/);
    pty.resize(120, 40);
    await eventually(async () => ((await pty.lines()).at(-2)?.includes('quit') ? true : undefined));
  });

  test('forgets a user only when asked to and told yes', async () => {
    const { store, close } = await storeAtHand('embedded', operator);
    const calls = async () => 10 - (await store.peek(namedLimitKey('-', 'tg:42'), 10, 600_000)).remaining;
    try {
      await store.take(namedLimitKey('-', 'tg:42'), 10, 600_000);
      await using pty = top();
      await pty.shows(/Overview/);
      pty.press('4');
      await pty.shows(/> tg:42/);
      pty.press('d');
      await pty.shows(/Forget the calls of tg:42\? \[y\/N\]/);
      pty.press('n');
      await pty.shows(/\? help/);
      expect(await calls()).toBe(1);
      pty.press('dy');
      await pty.shows(/forgot the calls of tg:42/);
      expect(await calls()).toBe(0);
    } finally {
      await close();
    }
  });

  test.each([
    ['SIGTERM', 15, 143],
    ['SIGHUP', 1, 143],
    ['SIGINT', 2, 130],
  ] as const)('gives the terminal back at %s', async (_, signal, exitCode) => {
    await using pty = top();
    await pty.shows(/Overview/);
    pty.kill(signal);
    expect(await pty.ended()).toBe(exitCode);
    expect(pty.buffer).toBe('normal');
    expect(pty.raw).toContain('\u001b[?25h');
  });

  test('gives it back when it ends by a mistake of its own', async () => {
    const broken = `data:text/javascript,process.on('SIGUSR2', () => { throw new Error('broken'); })`;
    await using pty = new Pty([process.execPath, '--import', broken, BIN, 'top'], {
      ...SIZE,
      env: operator.env,
    });
    await pty.shows(/Overview/);
    pty.kill(12);
    expect(await pty.ended()).not.toBe(0);
    expect(pty.buffer).toBe('normal');
  });

  test('knows terminals without colour, and without more than ASCII', async () => {
    for (const [args, env] of [
      [['--no-color'], {}],
      [[], { NO_COLOR: '1' }],
    ] as const) {
      await using pty = top(args, SIZE, env);
      await pty.shows(/Overview/);
      expect(pty.raw).not.toMatch(/\u001b\[[1-9][\d;]*m/);
    }
    await using pty = top(['--ascii']);
    const text = await pty.shows(/Overview/);
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

describe('botllm top in tmux', () => {
  const socket = () => path.join(operator.home, 'tmux.sock');
  const tmux = async (...args: string[]) =>
    (
      await execa('tmux', ['-S', socket(), '-f', '/dev/null', ...args], {
        env: operator.env,
        extendEnv: false,
      })
    ).stdout;
  const shows = (what: RegExp) =>
    eventually(async () => {
      const text = await tmux('capture-pane', '-p');
      return what.test(text) ? text : undefined;
    });

  test('draws, follows a resized window, takes keys and gives the shell back as it was', async () => {
    try {
      const shell = ['env', 'PS1=ready$ ', 'sh'];
      await tmux('new-session', '-d', '-x', '100', '-y', '24', ...shell);
      await tmux('send-keys', 'echo before', 'Enter');
      await shows(/^before$/m);
      await tmux('send-keys', `${process.execPath} ${BIN} top`, 'Enter');
      await shows(/\[1 Overview\]/);
      await tmux('send-keys', '2');
      await shows(/> 12:41:05 {2}intent/);
      await tmux('resize-window', '-x', '60', '-y', '12');
      await eventually(async () => {
        const lines = (await tmux('capture-pane', '-p')).split('\n');
        return /q quit/.test(lines[10] ?? '') && lines.every((line) => line.length <= 60) ? true : undefined;
      });
      await tmux('send-keys', '?');
      await shows(/the next screen/);
      await tmux('send-keys', 'q');
      const after = await shows(/^before$/m);
      expect(after).not.toContain('Overview');
      expect(await tmux('display-message', '-p', '#{alternate_on} #{cursor_flag}')).toBe('0 1');
    } finally {
      await tmux('kill-server').catch(() => undefined);
    }
  });
});

describe('the bench screen', () => {
  test('shows what a bench of this home left, and one that goes on', async () => {
    const folder = path.join(operator.env.BOTLLM_HOME ?? '', 'bench');
    await mkdir(path.join(folder, 'reports'), { recursive: true });
    const report = {
      schema: 'botllm.bench/1',
      data: aReport({ targets: [aTarget({ results: [aResult()] })] }),
    };
    await writeFile(path.join(folder, 'reports', '20261125T120000Z-0a1b2c3d.json'), JSON.stringify(report));
    await using pty = top();
    await pty.shows(/Overview/);
    pty.press('6');
    await pty.shows(/smollm2-135m +synthetic alone +840 ms +125 ms +8\.0/);
    const progress = {
      ...{ schema: 1, pid: process.pid, pidStartTime: await processStartTime(process.pid) },
      ...{ model: 'phi3-mini', load: '4 at once', at: 1, of: 2, share: 0.25 },
      startedAt: new Date().toISOString(),
    };
    await writeFile(path.join(folder, 'progress.json'), JSON.stringify(progress));
    await pty.shows(/measuring phi3-mini \(1\/2\) {3}4 at once .* 25 %/);
    const { json } = await operator.run('top', '--once', '--json');
    expect(json().data.bench).toMatchObject({ running: { share: 0.25 }, reports: [{ id: '0a1b2c3d' }] });
  });
});

describe('botllm top without a terminal', () => {
  test('prints every screen once, as text and as JSON', async () => {
    const { exitCode, stdout } = await operator.run('top');
    expect(exitCode).toBe(0);
    for (const part of [
      'Overview',
      'Requests',
      'Logs',
      'Cache & limits',
      'Models',
      'Bench',
      'phi3-mini',
      'TIMEOUT',
    ]) {
      expect(stdout).toContain(part);
    }
    expect(stdout).not.toMatch(/\u001b/);
    const { json } = await operator.run('top', '--json');
    expect(json()).toMatchObject({ schema: 'botllm.top/1', data: { engine: { state: 'stopped' } } });
    expect(json().data.events).not.toHaveLength(0);
  });

  test('adds up the counters of several addresses, and says which of them does not answer', async () => {
    const servers = await Promise.all([3, 4].map((calls) => counting(calls)));
    try {
      const urls = [...servers.map(({ url }) => url), `${NOBODY}/metrics`].join(',');
      const { stdout } = await operator.run('top', '--metrics-url', urls);
      expect(stdout).toMatch(/in all 7 calls/);
      expect(stdout).toContain(`does not answer: ${NOBODY}/metrics`);
      const { json } = await operator.run('top', '--json', '--metrics-url', urls);
      expect(json().data).toMatchObject({ traffic: { calls: 7 }, metrics: [{}, {}, { answers: false }] });
    } finally {
      for (const { close } of servers) close();
    }
  });

  test('refuses an address that is none', async () => {
    expect((await operator.run('top', '--metrics-url', 'http://a/metrics,nonsense')).exitCode).toBe(2);
  });
});

const NOBODY = 'http://127.0.0.1:9';

async function counting(calls: number): Promise<{ url: string; close: () => void }> {
  const server = createServer((_, response) => {
    response.end(`llm_requests_total{type="completion",status="success"} ${calls}\n`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/metrics`, close: () => void server.close() };
}

/** A short cut of `npm run soak:tui`, which goes on for ten minutes. */
const SOAK_SECONDS = Number(process.env.BOTLLM_SOAK_SECONDS ?? 12);

test('a watch that goes on for a while neither grows nor keeps a core busy', {
  timeout: 900_000,
}, async () => {
  const timeoutMs = (SOAK_SECONDS + 180) * 1_000;
  await using pty = new Pty([process.execPath, BIN, 'top'], { ...SIZE, env: operator.env, timeoutMs });
  await pty.shows(/Overview/);
  const watch = childOf(pty.pid);
  await sleep(5_000);
  const [from, startedAt] = [processorSeconds(watch), performance.now()];
  const sizes: number[] = [];
  for (let second = 0; second < SOAK_SECONDS; second += 1) {
    await write(`soak-${second}`, { event: 'llm_success', latencyMs: 400, attempts: 1 });
    await sleep(1_000);
    sizes.push(residentBytes(watch));
  }
  const share = ((processorSeconds(watch) - from) / (performance.now() - startedAt)) * 1_000;
  const third = Math.floor(sizes.length / 3);
  const grown = Math.min(...sizes.slice(-third)) - Math.min(...sizes.slice(third, 2 * third));
  if (process.env.BOTLLM_SOAK_SECONDS)
    process.stderr.write(`${(share * 100).toFixed(1)} % of a core, ${grown} bytes more\n`);
  expect(grown).toBeLessThan(20e6);
  // Ten times what it is meant to take; the figure itself is told by npm run bench:cli.
  expect(share).toBeLessThan(0.2);
  expect(pty.raw.match(FULL_CLEARS)).toBeNull();
});
