import { say } from '../language.js';
import { KEYS } from './keys.js';
import { columns, type Look, plain, span } from './look.js';
import { tuiMessages } from './messages.js';
import type { TopModel } from './model.js';
import type { TopState } from './state.js';
import { CHOOSES, headOf, rowsOf, VIEWS } from './views.js';

export interface Size {
  columns: number;
  rows: number;
}

export const SMALLEST: Size = { columns: 40, rows: 10 };

/** Lines beside the rows: status, screens, a gap, a gap, the foot. */
const FIXED_LINES = 5;

/** Rows that fit below the head of a screen. */
export function pageOf(size: Size, head: readonly string[] = []): number {
  return Math.max(1, size.rows - 1 - FIXED_LINES - head.length);
}

/**
 * The whole screen: one line less than the window has, because a frame as high as the window makes the terminal
 * scroll, and whoever draws it clear everything at every tick.
 */
export function frame(model: TopModel, state: TopState, size: Size, look: Look, readOnly: boolean): string[] {
  if (size.columns < SMALLEST.columns || size.rows < SMALLEST.rows) {
    return [tuiMessages.tooSmall(SMALLEST.columns, SMALLEST.rows)];
  }
  const head = state.help ? [] : headOf(model, state, look);
  const page = pageOf(size, head);
  const body = state.help ? helpLines(readOnly) : windowOf(model, state, page, look);
  const filled = [...head, ...body];
  const gap = Array.from({ length: Math.max(0, size.rows - 1 - FIXED_LINES - filled.length) }, () => '');
  const lines = [
    statusLine(model, look),
    tabs(state, look),
    '',
    ...filled,
    ...gap,
    '',
    foot(model, state, look, readOnly),
  ];
  return lines.slice(0, size.rows - 1).map((line) => (look.ascii ? cutAscii(line, size.columns) : line));
}

function windowOf(model: TopModel, state: TopState, page: number, look: Look): string[] {
  const rows = rowsOf(model, state, look);
  const chooses = CHOOSES.has(state.view) && state.opened === null;
  const last = rows.length - 1;
  const position = Math.max(0, Math.min(state.position, last));
  const start = chooses
    ? Math.max(0, position - page + 1)
    : Math.min(position, Math.max(0, rows.length - page));
  return rows
    .slice(start, start + page)
    .map(({ text }, i) =>
      chooses && start + i === position ? look.paint('inverse', `> ${text}`) : chooses ? `  ${text}` : text,
    );
}

export function statusLine({ at, engine, version }: TopModel, look: Look): string {
  const dot = look.ascii ? ' - ' : ' · ';
  const name = look.paint('bold', `botllm ${version}`);
  // Without seconds: a screen on which nothing else happened need not be drawn again.
  const clock = new Date(at).toISOString().slice(11, 16);
  if (!engine || engine.state === 'stopped') return [name, tuiMessages.noEngine, clock].join(dot);
  const colour = engine.state === 'ready' ? 'green' : engine.state === 'unhealthy' ? 'red' : 'yellow';
  const up = engine.startedAt === undefined ? undefined : span(at - Date.parse(engine.startedAt));
  const parts = [
    name,
    engine.engine ?? '',
    plain(engine.model ?? ''),
    [look.paint(colour, tuiMessages.condition[engine.state]), up].filter(Boolean).join(' '),
    engine.endpoint ?? '',
    clock,
  ];
  return parts.filter((part) => part !== '').join(dot);
}

function tabs({ view }: TopState, look: Look): string {
  return VIEWS.map((one, i) => {
    const text = `${i + 1} ${tuiMessages.views[one]}`;
    return one === view ? look.paint('inverse', `[${text}]`) : ` ${text} `;
  }).join(' ');
}

function foot({ faults }: TopModel, state: TopState, look: Look, readOnly: boolean): string {
  if (state.asking) {
    const { asking } = state;
    const question =
      asking.kind === 'user'
        ? tuiMessages.resetQuestion(plain(asking.user))
        : tuiMessages.clearQuestion(plain(`${asking.task} ${asking.model}`));
    return look.paint('bold', question);
  }
  if (state.typing !== null) return `/${state.typing}_`;
  if (state.message !== '') return state.message;
  const [[part, why] = []] = Object.entries(faults);
  const short = KEYS.filter(({ changes }) => !(readOnly && changes))
    .filter(({ action }) => ['help', 'view', 'filter', 'pause', 'remove', 'quit'].includes(action))
    .map(({ shown, action }) => `${shown} ${say(action)}`)
    .join('  ');
  const marks = [
    readOnly && tuiMessages.readOnly,
    state.paused && tuiMessages.paused,
    state.filter !== '' && tuiMessages.filter(state.filter),
    part !== undefined && why !== undefined && look.paint('yellow', tuiMessages.fault(part, plain(why))),
  ].filter((mark) => typeof mark === 'string');
  return [short, ...marks].join('   ');
}

export function helpLines(readOnly: boolean): string[] {
  const shown = KEYS.filter(({ changes }) => !(readOnly && changes));
  return [tuiMessages.keysTitle, ...columns(shown.map(({ shown: key, meaning }) => [key, say(meaning)]))];
}

/** For terminals that know nothing else; colours stay. */
function cutAscii(line: string, width: number): string {
  let left = width;
  return line.replace(/(\u001b\[[\d;]*m)|./gu, (found: string, colour: string | undefined) => {
    if (colour !== undefined) return colour;
    left -= 1;
    if (left < 0) return '';
    return /[\x20-\x7e]/.test(found) ? found : '?';
  });
}
