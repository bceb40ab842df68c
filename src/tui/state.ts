import { type Action, keyFor } from './keys.js';
import { tuiMessages } from './messages.js';
import type { TopModel } from './model.js';
import { type CacheChoice, cacheChoices } from './screens/cache.js';
import { rowsOf, VIEWS, type View } from './views.js';

export interface TopState {
  view: View;
  help: boolean;
  /** Only rows with this text. */
  filter: string;
  /** The filter as it is being typed. */
  typing: string | null;
  /** The chosen row, or how far it was scrolled; infinite: the end, also of what comes. */
  position: number;
  /** The row of `requests` whose events are shown. */
  opened: number | null;
  paused: boolean;
  intervalMs: number;
  /** What is removed after a yes. */
  asking: CacheChoice | null;
  message: string;
}

export type Effect = 'quit' | { remove: CacheChoice };

export interface Surroundings {
  model: TopModel;
  readOnly: boolean;
  /** Rows that fit. */
  page: number;
}

export function initialState(intervalMs: number): TopState {
  return {
    view: 'overview',
    help: false,
    filter: '',
    typing: null,
    position: 0,
    opened: null,
    paused: false,
    intervalMs,
    asking: null,
    message: '',
  };
}

const FASTEST_MS = 250;
const SLOWEST_MS = 60_000;

/** What a key does: the state after it, and what is to be done. */
export function press(
  state: TopState,
  key: { name: string; text: string },
  around: Surroundings,
): { state: TopState; effect?: Effect } {
  if (state.asking) {
    const said = { ...state, asking: null, message: '' };
    return /^[yд]$/i.test(key.text) ? { state: said, effect: { remove: state.asking } } : { state: said };
  }
  if (state.typing !== null && key.name !== 'ctrl+c') return { state: typed(state, state.typing, key) };
  const found = keyFor(key.name, around.readOnly);
  if (!found) {
    const changes = keyFor(key.name, false)?.changes === true;
    return { state: changes ? { ...state, message: tuiMessages.refused } : state };
  }
  if (found.action === 'quit') return { state, effect: 'quit' };
  return { state: after({ ...state, message: '' }, found.action, key.text, around) };
}

function typed(state: TopState, text: string, key: { name: string; text: string }): TopState {
  if (key.name === 'return') return { ...state, filter: text, typing: null, position: 0 };
  if (key.name === 'escape') return { ...state, typing: null };
  if (key.name === 'backspace' || key.name === 'delete') {
    return { ...state, typing: [...text].slice(0, -1).join('') };
  }
  return { ...state, typing: `${text}${key.text.replace(/\p{Cc}/gu, '')}` };
}

function after(state: TopState, action: Action, text: string, around: Surroundings): TopState {
  const { page } = around;
  const count = rowsOf(around.model, state).length;
  const at = Math.min(state.position, Math.max(0, count - 1));
  const to = (position: number) => ({ ...state, position: Math.max(0, Math.min(position, count - 1)) });
  const show = (view: View): TopState => ({
    ...state,
    view,
    opened: null,
    position: view === 'logs' ? Number.POSITIVE_INFINITY : 0,
  });
  switch (action) {
    case 'help':
      return { ...state, help: !state.help };
    case 'view':
      return show(VIEWS[Number(text) - 1] ?? state.view);
    case 'next-view':
      return show(VIEWS[(VIEWS.indexOf(state.view) + 1) % VIEWS.length] ?? state.view);
    case 'up':
      return to(at - 1);
    case 'down':
      return to(at + 1);
    case 'page-up':
      return to(at - page);
    case 'page-down':
      return to(at + page);
    case 'first':
      return to(0);
    case 'last':
      return { ...state, position: Number.POSITIVE_INFINITY };
    case 'open':
      return open(state, around);
    case 'filter':
      return { ...state, typing: state.filter };
    case 'back':
      return state.opened === null && !state.help
        ? { ...state, filter: '', position: 0 }
        : { ...state, opened: null, help: false, position: state.opened ?? state.position };
    case 'pause':
      return { ...state, paused: !state.paused };
    case 'faster':
      return { ...state, intervalMs: Math.max(FASTEST_MS, state.intervalMs / 2) };
    case 'slower':
      return { ...state, intervalMs: Math.min(SLOWEST_MS, state.intervalMs * 2) };
    case 'remove':
      return ask(state, around);
    case 'quit':
      return state;
  }
}

function open(state: TopState, { model }: Surroundings): TopState {
  if (state.view !== 'requests' || state.opened !== null) return state;
  const rows = rowsOf(model, state);
  const row = rows[Math.min(state.position, rows.length - 1)];
  return row ? { ...state, opened: row.index, position: 0 } : state;
}

function ask(state: TopState, { model }: Surroundings): TopState {
  const rows = state.view === 'cache' ? rowsOf(model, state) : [];
  const row = rows[Math.min(state.position, rows.length - 1)];
  const choice = row && cacheChoices(model)[row.index];
  return choice ? { ...state, asking: choice } : { ...state, message: tuiMessages.nothingChosen };
}
