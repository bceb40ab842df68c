import { prettySize } from '../size.js';
import { messages } from './messages.js';
import type { Stream } from './stream.js';
import type { Style } from './style.js';

/** News of long work: one line that is rewritten on a terminal, a line now and then elsewhere. */
export interface Progress {
  /** @param fraction 0 to 1, where it is known */
  step(label: string, fraction?: number): void;
  /** Work that is counted: a bar on a terminal. @param left how long it will take, for a terminal */
  bar(label: string, fraction: number, left: string): void;
  bytes(label: string, received: number, total: number | undefined): void;
  /** Leaves the terminal's line as it found it. */
  done(): void;
}

export interface ProgressOptions {
  stream: Stream;
  style: Style;
  silent: boolean;
  now?: () => number;
}

const REDRAW_MS = 100;
/** Off a terminal: what is over sooner needs no lines in between. */
const QUIET_LINES_MS = 1_000;
const SPEED_WINDOW_MS = 5_000;
const BAR_CELLS = 20;

export function createProgress(options: ProgressOptions): Progress {
  const { stream, style, silent, now = () => performance.now() } = options;
  const live = stream.isTTY === true;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let lastLine = '';
  let samples: { at: number; bytes: number }[] = [];

  let tenth = -1;
  let label = '';
  /** Off a terminal a label is news once, and again at every 10 % of what takes its time. */
  const due = (next: string, fraction: number | undefined): boolean => {
    const nextTenth = fraction === undefined ? -1 : Math.floor(fraction * 10);
    const isNew = next !== label;
    const elapsed = now() - drawnAt;
    const isDue = isNew || (live ? elapsed >= REDRAW_MS : nextTenth > tenth && elapsed >= QUIET_LINES_MS);
    if (isNew) samples = [];
    label = next;
    if (isDue) tenth = nextTenth;
    return isDue;
  };
  const draw = (line: string) => {
    drawnAt = now();
    if (silent || line === lastLine) return;
    lastLine = line;
    stream.write(live ? `\r\u001b[K${clip(line, (stream.columns || 80) - 1)}` : `${line}\n`);
  };

  return {
    step(text, fraction) {
      if (!due(text, fraction)) return;
      const percent = fraction === undefined ? '' : ` ${Math.floor(fraction * 100)} %`;
      draw(`${style.mark.wait} ${text}${percent}`);
    },
    bar(text, fraction, left) {
      if (!due(text, fraction)) return;
      const percent = `${Math.floor(fraction * 100)} %`;
      if (!live) return draw(`${style.mark.wait} ${text} ${percent}`);
      const full = Math.round(fraction * BAR_CELLS);
      const bar = style.bar.full.repeat(full) + style.bar.empty.repeat(BAR_CELLS - full);
      draw(`${style.mark.wait} ${text}  ${bar} ${[percent, left].filter((part) => part !== '').join(', ')}`);
    },
    bytes(text, received, total) {
      const fraction = total ? received / total : undefined;
      const isDue = due(text, fraction);
      const at = now();
      samples = [...samples.filter((sample) => at - sample.at < SPEED_WINDOW_MS), { at, bytes: received }];
      if (!isDue) return;
      const [first] = samples;
      const seconds = first ? (at - first.at) / 1000 : 0;
      const perSecond = first && seconds > 0 ? (received - first.bytes) / seconds : undefined;
      const parts = [
        fraction === undefined ? undefined : `${Math.floor(fraction * 100)} %`,
        total ? `${prettySize(received)} / ${prettySize(total)}` : prettySize(received),
        perSecond ? `${prettySize(perSecond)}/s` : undefined,
        perSecond && total ? messages.timeLeft(Math.round((total - received) / perSecond)) : undefined,
      ].filter((part) => part !== undefined);
      draw(`${style.mark.wait} ${text}  ${parts.join('  ')}`);
    },
    done() {
      if (live && lastLine !== '' && !silent) stream.write('\r\u001b[K');
      lastLine = '';
    },
  };
}

function clip(line: string, columns: number): string {
  const characters = [...line];
  return characters.length <= columns ? line : characters.slice(0, Math.max(0, columns)).join('');
}
