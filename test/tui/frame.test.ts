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

test('what a store does is no call', () => {
  const said = { task: '-', type: 'chat_completion', model: '-', scope: '-', requestId: '-' } as const;
  const time = '2026-05-01T12:41:06.000Z';
  const degraded = { event: 'llm_store_degraded', time, ...said, store: 'redis' } as const;
  const alone = busyModel({ events: [degraded] });
  const beside = busyModel({ events: [...busyModel().events, degraded] });
  const seen = (of: typeof model) =>
    frame(of, { ...initialState(1_000), view: 'requests' }, { columns: 100, rows: 24 }, BARE, false);
  expect(seen(beside)).toEqual(seen(busyModel()));
  expect(seen(alone)).toEqual(seen(busyModel({ events: [] })));
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

test('the bench has what goes on, the newest report in full, and the older ones by name', () => {
  const text = screen('bench', 120).join('\n');
  for (const part of [
    'measuring phi3-mini (2/3)   4 at once   ████████░░░░░░░░░░░░ 42 %   for 2m',
    'report 1a2b3c4d   2026-05-01 10:15   after the upgrade',
    '310 ms',
    '38.2',
    'gemma-2b: needs a token of the hub',
    '0f0f0f0f  2026-04-30 09:00',
  ])
    expect(text).toContain(part);
  expect(text).toMatch(/4 at once +2 +drift/);
  expect(text).not.toMatch(/NaN|undefined/);
  const none = { ...model, bench: { reports: [] } };
  const empty = frame(
    none,
    { ...initialState(1_000), view: 'bench' },
    { columns: 100, rows: 24 },
    BARE,
    false,
  );
  expect(empty.join('\n')).toContain('no report of a bench in this home; next: botllm bench');
});

test('the logs say whose they are, and the overview what Docker says of the container', () => {
  expect(screen('logs').join('\n')).toContain('/home/me/logs/engine.log');
  const container = {
    name: 'botfactory-llm',
    image: 'i',
    family: 'vllm',
    status: 'running',
    health: 'healthy',
  };
  const contained = busyModel({
    engine: { engine: 'compose', state: 'ready', container: { ...container, restarts: 2, gpus: [] } },
  });
  const text = frame(contained, initialState(1_000), { columns: 100, rows: 24 }, BARE, false).join('\n');
  expect(text).toContain('container   botfactory-llm   running (healthy)   2 restarts');
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
    'Bench',
    'report 1a2b3c4d',
    'tg:42',
    'listening on 11434',
    '42 calls/min',
    'served',
  ]) {
    expect(text).toContain(part);
  }
});
