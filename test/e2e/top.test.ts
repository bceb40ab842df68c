import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { namedLimitKey } from '../../src/stores/keys.js';
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

describe('botllm top without a terminal', () => {
  test('prints every screen once, as text and as JSON', async () => {
    const { exitCode, stdout } = await operator.run('top');
    expect(exitCode).toBe(0);
    for (const part of ['Overview', 'Requests', 'Cache & limits', 'Models', 'phi3-mini', 'TIMEOUT']) {
      expect(stdout).toContain(part);
    }
    expect(stdout).not.toMatch(/\u001b/);
    const { json } = await operator.run('top', '--json');
    expect(json()).toMatchObject({ schema: 'botllm.top/1', data: { engine: { state: 'stopped' } } });
    expect(json().data.events).not.toHaveLength(0);
  });

  test('refuses an address that is none', async () => {
    expect((await operator.run('top', '--metrics-url', 'http://a/metrics,nonsense')).exitCode).toBe(2);
  });
});

/** A short cut of `npm run soak:tui`, which goes on for ten minutes. */
const SOAK_SECONDS = Number(process.env.BOTLLM_SOAK_SECONDS ?? 12);

test('a watch that goes on for a while neither grows nor keeps a core busy', {
  timeout: 900_000,
}, async () => {
  await using pty = top();
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
