import { expect, test } from 'vitest';
import { createStyle } from '../../src/cli/style.js';
import { allScreens } from '../../src/tui/all-screens.js';
import { frame } from '../../src/tui/frame.js';
import { initialState } from '../../src/tui/state.js';
import type { Traffic } from '../../src/tui/traffic.js';
import { VIEWS } from '../../src/tui/views.js';
import { BARE, busyModel } from './model.js';

const traffic: Traffic = {
  calls: 110,
  failed: 2,
  hits: 50,
  inputTokens: 900,
  outputTokens: 300,
  inFlight: 2,
  queued: 1,
  recent: {
    seconds: 60,
    perMinute: 42,
    hitShare: 0.61,
    failedShare: 0.004,
    outputTokensPerSecond: 38,
    p50Ms: 800,
    p95Ms: 2_100,
    errors: { timeout: 1 },
    history: [1, 2, 3, 4, 8],
  },
};
const model = busyModel({ traffic });
const screen = (view: (typeof VIEWS)[number], columns = 100, rows = 24, look = BARE) =>
  frame(model, { ...initialState(1_000), view }, { columns, rows }, look, false);

test.each(VIEWS)('%s: one line less than the window, whatever its size', (view) => {
  for (const rows of [10, 24, 60]) expect(screen(view, 100, rows)).toHaveLength(rows - 1);
});

test('a window that is too small says so in one line', () => {
  expect(screen('overview', 39, 24)).toEqual(['botllm top needs 40 × 10']);
  expect(screen('overview', 80, 9)).toHaveLength(1);
});

test('the overview has traffic, what it takes, tasks and the newest calls', () => {
  const text = screen('overview').join('\n');
  for (const part of [
    'embedded · qwen3-1.7b · ready 2h14m · http://127.0.0.1:11434',
    '42 calls/min',
    'p95 2.10 s',
    'hits 61 %',
    'failed 0.4 %',
    '▁▂▃▄█',
    'timeout 1',
    '310 %',
    '2 of 4 slots busy, 1 waiting',
    'intent  2      50 %',
    'TIMEOUT',
  ]) {
    expect(text).toContain(part);
  }
});

test('what was not measured is absent, never 0', () => {
  const { recent: _, ...inAll } = traffic;
  const bare = busyModel({ events: [], taken: [], traffic: inAll });
  const text = frame(bare, initialState(1_000), { columns: 100, rows: 24 }, BARE, false).join('\n');
  expect(text).not.toMatch(/calls\/min|p50|NaN|undefined/);
});

test.each(VIEWS)('%s: in ASCII every cell is ASCII, and no line is longer than the window', (view) => {
  const russian = busyModel({ traffic, log: ['модель загружена '.repeat(20)] });
  const lines = frame(
    russian,
    { ...initialState(1_000), view },
    { columns: 60, rows: 24 },
    { ...createStyle({ color: true, ascii: true }), ascii: true },
    false,
  );
  for (const line of lines) {
    const cells = line.replace(/\u001b\[[\d;]*m/g, '');
    expect(cells).toMatch(/^[\x20-\x7e]{0,60}$/);
  }
});

test('nothing that a log or a user brought can move the cursor', () => {
  const hostile = busyModel({
    log: ['\u001b[2J\u001b]0;title\u0007gone\u009b1A'],
    faults: { store: 'x\u001b[H\ny' },
  });
  for (const view of VIEWS) {
    const lines = frame(hostile, { ...initialState(1_000), view }, { columns: 80, rows: 24 }, BARE, false);
    for (const line of lines) expect(line).not.toMatch(/\p{Cc}/u);
  }
});

test('as text it is all the screens', () => {
  const text = allScreens(model, BARE);
  for (const part of [
    'Overview',
    'Requests',
    'Logs',
    'Cache & limits',
    'Models',
    'tg:42',
    'listening on 11434',
    '42 calls/min',
    'served',
  ]) {
    expect(text).toContain(part);
  }
});
