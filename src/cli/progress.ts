import prettyBytes from 'pretty-bytes';
import { messages } from './messages.js';
import type { Stream } from './output.js';
import type { Style } from './style.js';

/** News of long work: one line that is rewritten on a terminal, a line now and then elsewhere. */
export interface Progress {
  /** @param fraction 0 to 1, where it is known */
  step(label: string, fraction?: number): void;
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
const SPEED_WINDOW_MS = 5_000;

export function createProgress(options: ProgressOptions): Progress {
  const { stream, style, silent, now = () => performance.now() } = options;
  const live = stream.isTTY === true;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let lastLine = '';
  let samples: { at: number; bytes: number }[] = [];

  const draw = (line: string, force: boolean) => {
    if (silent || line === lastLine) return;
    if (!live) {
      if (force) stream.write(`${line}\n`);
      lastLine = force ? line : lastLine;
      return;
    }
    if (!force && now() - drawnAt < REDRAW_MS) return;
    drawnAt = now();
    lastLine = line;
    stream.write(`\r\u001b[K${clip(line, (stream.columns ?? 80) - 1)}`);
  };
  let tenth = -1;
  let label = '';
  /** Off a terminal a label is news once, and again at every 10 %. */
  const isNews = (next: string, fraction: number | undefined) => {
    const nextTenth = fraction === undefined ? -1 : Math.floor(fraction * 10);
    const news = next !== label || nextTenth > tenth;
    if (next !== label) samples = [];
    label = next;
    if (news) tenth = nextTenth;
    return news;
  };

  return {
    step(text, fraction) {
      const news = isNews(text, fraction);
      const percent = fraction === undefined ? '' : ` ${Math.floor(fraction * 100)} %`;
      draw(`${style.mark.wait} ${text}${percent}`, news);
    },
    bytes(text, received, total) {
      const fraction = total ? received / total : undefined;
      const news = isNews(text, fraction);
      const at = now();
      samples = [...samples.filter((sample) => at - sample.at < SPEED_WINDOW_MS), { at, bytes: received }];
      const [first] = samples;
      const seconds = first ? (at - first.at) / 1000 : 0;
      const perSecond = first && seconds > 0 ? (received - first.bytes) / seconds : undefined;
      const parts = [
        fraction === undefined ? undefined : `${Math.floor(fraction * 100)} %`,
        total ? `${prettyBytes(received)} / ${prettyBytes(total)}` : prettyBytes(received),
        perSecond ? `${prettyBytes(perSecond)}/s` : undefined,
        perSecond && total ? messages.timeLeft(Math.round((total - received) / perSecond)) : undefined,
      ].filter((part) => part !== undefined);
      draw(`${style.mark.wait} ${text}  ${parts.join(`  `)}`, news);
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
