import { stripVTControlCharacters, type styleText } from 'node:util';

/** How a screen may look. */
export interface Look {
  paint(format: Parameters<typeof styleText>[0], text: string): string;
  ascii: boolean;
}

/** Text of a user, a model or a log as one line of a screen: no escape sequences, no control characters. */
export function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '');
}

const BARS = '▁▂▃▄▅▆▇█';
const ASCII_BARS = '.:-=+*#@';

/** The newest values as one line, the largest of them full height; nothing where nothing was counted. */
export function sparkline(values: readonly number[], width: number, { ascii }: Look): string {
  const shown = values.slice(-width);
  const most = Math.max(...shown, 0);
  if (most <= 0) return '';
  const bars = ascii ? ASCII_BARS : BARS;
  return shown
    .map((value) => bars[Math.min(7, Math.floor((Math.max(0, value) / most) * 7.999))] ?? '')
    .join('');
}

/** Columns of ASCII names and numbers, the last as long as it is. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

export function time(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

/** `2h14m` */
export function span(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1_000))}s`;
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24];
  if (days > 0) return `${days}d${hours}h`;
  return hours > 0 ? `${hours}h${String(minutes % 60).padStart(2, '0')}m` : `${minutes}m`;
}
