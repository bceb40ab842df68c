import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Collector, type Sources } from '../../src/tui/collector.js';
import { PARTS, type Part, type TopModel } from '../../src/tui/model.js';
import { Watch } from '../../src/tui/watch.js';
import { BARE, busyModel } from './model.js';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 4, 1, 12, 41, 7) });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A watch over sources that count how often they are asked. */
function watching(model: TopModel = busyModel()) {
  const asked = new Map<Part, number>();
  const part = (name: Part, see: () => Partial<TopModel>) => ({
    everyMs: 0,
    look: async () => {
      asked.set(name, (asked.get(name) ?? 0) + 1);
      return see();
    },
  });
  const now = { ...model };
  const sources: Sources = Object.fromEntries(PARTS.map((name) => [name, part(name, () => now)]));
  const collector = new Collector(sources, '0.1.0', new AbortController().signal);
  let left = false;
  const size = { columns: 120, rows: 30 };
  const watch = new Watch(
    {
      collector,
      look: BARE,
      readOnly: false,
      intervalMs: 1_000,
      remove: async () => 'done',
      size: () => size,
    },
    () => {
      left = true;
    },
  );
  let drawn = 0;
  const stop = watch.follow(() => {
    drawn += 1;
  });
  const press = (name: string) => watch.press({ name, text: name });
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const screen = () => watch.current().join('\n');
  return { asked, now, size, watch, stop, press, pass, screen, drawn: () => drawn, left: () => left };
}

test('a screen on which nothing happens is drawn once, and not again when only the clock went on', async () => {
  const { pass, drawn, screen, asked, stop } = watching();
  await pass(30_000);
  expect(drawn()).toBe(1);
  expect(asked.get('events')).toBeGreaterThan(25);
  // Half past the minute.
  await pass(40_000);
  expect(drawn()).toBe(2);
  expect(screen()).toContain('12:42');
  stop();
  await pass(10_000);
  expect(asked.get('events')).toBeLessThan(75);
});

test('what comes is drawn at the next look', async () => {
  const { pass, drawn, now, screen, press } = watching();
  press('3');
  await pass(1_000);
  const before = drawn();
  now.log = ['one more line'];
  await pass(1_000);
  expect(screen()).toContain('one more line');
  expect(drawn()).toBe(before + 1);
});

test('only what the screen shows is looked at, and at once when another screen is chosen', async () => {
  const { asked, pass, press, screen } = watching();
  await pass(5_000);
  for (const part of ['log', 'models', 'bench'] as const) expect(asked.has(part)).toBe(false);
  press('6');
  await pass(0);
  expect(asked.get('bench')).toBe(1);
  expect(screen()).toContain('report 1a2b3c4d');
});

test('a pause holds the screen, a resumed one goes on, another size is drawn though no line differs', async () => {
  const { now, pass, press, screen, watch, size, drawn } = watching();
  press('3');
  await pass(1_000);
  press('p');
  now.log = ['meanwhile'];
  await pass(5_000);
  expect(screen()).toContain('paused');
  expect(screen()).not.toContain('meanwhile');
  press('p');
  await pass(0);
  expect(screen()).toContain('meanwhile');
  const before = drawn();
  size.columns = 119;
  watch.resized();
  expect(drawn()).toBe(before + 1);
});

test('a source that never answers holds up no other one', async () => {
  const never = new Promise<never>(() => undefined);
  const collector = new Collector(
    {
      taken: { everyMs: 0, look: () => never },
      events: { everyMs: 0, look: async () => ({ events: busyModel().events }) },
    },
    '0.1.0',
    new AbortController().signal,
  );
  const size = { columns: 120, rows: 30 };
  const options = { collector, look: BARE, readOnly: false, intervalMs: 1_000, remove: async () => '' };
  const watch = new Watch({ ...options, size: () => size }, () => undefined);
  watch.follow(() => undefined);
  await vi.advanceTimersByTimeAsync(300);
  expect(watch.current().join('\n')).toContain('TIMEOUT');
});

test('who found nothing may look more seldom', async () => {
  let asked = 0;
  const seldom = (seen: Partial<TopModel>) => (seen.taken?.length ? 0 : 10_000);
  let found: TopModel['taken'] = [];
  const look = async () => {
    asked += 1;
    return { taken: found };
  };
  const collector = new Collector({ taken: { everyMs: seldom, look } }, '1', new AbortController().signal);
  await collector.tick();
  await collector.tick();
  expect(asked).toBe(1);
  found = busyModel().taken;
  await vi.advanceTimersByTimeAsync(10_001);
  await collector.tick();
  await collector.tick();
  expect(asked).toBe(3);
  await collector.tick(['events']);
  expect(asked).toBe(3);
});

test('q leaves', () => {
  const { press, left } = watching();
  press('q');
  expect(left()).toBe(true);
});
