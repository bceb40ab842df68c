import { describe, expect, test } from 'vitest';
import { frame, helpLines } from '../../src/tui/frame.js';
import { KEYS } from '../../src/tui/keys.js';
import type { TopModel } from '../../src/tui/model.js';
import { type Effect, initialState, press, type TopState } from '../../src/tui/state.js';
import { BARE, busyModel } from './model.js';

const SIZE = { columns: 100, rows: 24 };

/** Presses keys one after another; what was to be done comes with the last state. */
function type(keys: readonly string[], { readOnly = false, model = busyModel() as TopModel } = {}) {
  let state: TopState = initialState(1_000);
  const effects: Effect[] = [];
  for (const name of keys) {
    const next = press(state, { name, text: name.length === 1 ? name : '' }, { model, readOnly, page: 10 });
    state = next.state;
    if (next.effect) effects.push(next.effect);
  }
  return { state, effects, screen: frame(model, state, SIZE, BARE, readOnly).join('\n') };
}

describe('the keys', () => {
  test('each do one thing, and no two the same', () => {
    const all = KEYS.flatMap(({ keys }) => keys);
    expect(new Set(all).size).toBe(all.length);
    expect(new Set(KEYS.map(({ action }) => action)).size).toBe(KEYS.length);
  });

  test('are all in the help, but for those that change something where nothing may be changed', () => {
    for (const { shown, meaning } of KEYS)
      expect(helpLines(false).join('\n')).toMatch(
        new RegExp(`^${shown.replace(/[?+/]/, '\\$&')} +${meaning.slice(0, 10)}`, 'm'),
      );
    expect(helpLines(true).join('\n')).not.toContain('forget');
    expect(type(['?']).screen).toContain('leave');
    expect(type(['?', 'escape']).screen).not.toContain('leave');
  });

  test('go to every screen, by number and by Tab', () => {
    expect(type(['2']).screen).toContain('> 12:41:05  menu');
    expect(type(['tab', 'tab']).state.view).toBe('logs');
    expect(type(['4']).screen).toContain('10 of 10 calls, limited');
    expect(type(['5']).screen).toContain('served');
    expect(type(['6']).screen).toContain('report 1a2b3c4d');
    expect(type(['6', 'tab']).state.view).toBe('overview');
  });

  test('choose a request, and open its events', () => {
    const { screen } = type(['2', 'j', 'return']);
    expect(screen).toContain('llm_cache_hit');
    expect(screen).toContain('ageMs          5000');
    expect(type(['2', 'j', 'return', 'escape']).screen).toContain('> 12:41:05  intent');
  });

  test('filter rows, and choose among what is left', () => {
    const { screen, state } = type(['2', '/', 'h', 'i', 't', 'x', 'backspace', 'return']);
    expect(state.filter).toBe('hit');
    expect(screen).not.toContain('TIMEOUT');
    expect(type(['2', '/', ...'cache', 'return', 'return']).screen).toContain('llm_cache_hit');
    expect(type(['2', '/', 'q']).state.typing).toBe('q');
    expect(type(['2', '/', 'q', 'escape', 'escape']).state.filter).toBe('');
  });

  test('remove only what was chosen, and only after a yes', () => {
    expect(type(['4', 'd']).screen).toContain('Remove the cached answers of intent qwen3-1.7b? [y/N]');
    expect(type(['4', 'd', 'n']).effects).toEqual([]);
    expect(type(['4', 'd', 'return']).effects).toEqual([]);
    expect(type(['4', 'd', 'y']).effects).toMatchObject([{ remove: { kind: 'group', task: 'intent' } }]);
    expect(type(['4', 'j', 'd', 'y']).effects).toMatchObject([{ remove: { kind: 'user', user: 'tg:42' } }]);
    expect(type(['2', 'd', 'y']).effects).toEqual([]);
  });

  test('change nothing in a read-only watch', () => {
    const { effects, screen } = type(['4', 'd', 'y'], { readOnly: true });
    expect(effects).toEqual([]);
    expect(screen).not.toContain('[y/N]');
    expect(type(['4', 'd'], { readOnly: true }).screen).toContain('read-only: nothing is changed');
  });

  test('pause, look more and less often, leave', () => {
    expect(type(['p']).screen).toContain('paused');
    expect(type(['p', 'p']).state.paused).toBe(false);
    expect(type(['+', '+', '+', '+']).state.intervalMs).toBe(250);
    expect(type(['-']).state.intervalMs).toBe(2_000);
    expect(type(['q']).effects).toEqual(['quit']);
    expect(type(['/', 'ctrl+c']).effects).toEqual(['quit']);
  });
});

describe('a log', () => {
  const log = Array.from({ length: 50 }, (_, i) => `line ${i}`);

  test('shows its end, and stays there as lines come; scrolled up it stays where it is', () => {
    expect(type(['3'], { model: busyModel({ log }) }).screen).toContain('line 49');
    expect(type(['3', 'g'], { model: busyModel({ log }) }).screen).toContain('line 0');
    expect(type(['3', 'g', 'G'], { model: busyModel({ log }) }).screen).toContain('line 49');
  });
});
