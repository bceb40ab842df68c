import { escapeHtml } from './html-escape.js';

export interface Bar {
  name: string;
  value: number;
  /** 95 %. */
  interval?: readonly [number, number] | undefined;
  /** Parts of the value, one beside the other, instead of a single piece. */
  parts?: readonly { name: string; value: number }[];
}

export interface ChartOptions {
  title: string;
  unit: string;
  bars: readonly Bar[];
  /** A stretch that figures are held against. */
  band?: { from: number; to: number; name: string } | undefined;
}

const [WIDTH, LABELS, RIGHT, ROW, TOP] = [960, 360, 120, 30, 34];
const TONES = ['#2f6f9f', '#d08a2e', '#7a8b99'];

/** Horizontal bars with their intervals, as SVG that needs nothing from elsewhere. */
export function barChart({ title, unit, bars, band }: ChartOptions): string {
  const highest = Math.max(
    ...bars.map(({ value, interval }) => Math.max(value, interval?.[1] ?? 0)),
    band?.to ?? 0,
  );
  const scale = highest > 0 ? (WIDTH - LABELS - RIGHT) / highest : 0;
  const x = (value: number) => round(LABELS + Math.max(0, value) * scale);
  const height = TOP + bars.length * ROW + 8;
  const names = [...new Set(bars.flatMap(({ parts = [] }) => parts.map(({ name }) => name)))];
  const rows = bars.map((bar, at) => row(bar, TOP + at * ROW, { unit, names, x }));
  return [
    `<svg role="img" viewBox="0 0 ${WIDTH} ${height}" aria-label="${escapeHtml(title)}">`,
    `<text class="title" x="0" y="16">${escapeHtml(`${title}, ${unit}`)}</text>`,
    ...(band ? [bandOf(band, height, x)] : []),
    ...legendOf(names),
    ...rows,
    '</svg>',
  ].join('\n');
}

/** The names of the parts in their colours, beside the title; nothing where bars have none. */
function legendOf(names: readonly string[]): string[] {
  return names.map((name, at) => {
    const left = LABELS + at * 150;
    return (
      `<rect x="${left}" y="5" width="12" height="12" fill="${toneOf(name, names)}"/>` +
      `<text x="${left + 18}" y="16">${escapeHtml(name)}</text>`
    );
  });
}

/** A part that one bar lacks takes no other's colour. */
function toneOf(name: string, names: readonly string[]): string | undefined {
  return TONES[Math.max(0, names.indexOf(name)) % TONES.length];
}

function row(
  { name, value, interval, parts }: Bar,
  top: number,
  { unit, names, x }: { unit: string; names: readonly string[]; x: (value: number) => number },
): string {
  const middle = top + 13;
  let from = 0;
  const pieces = (parts ?? [{ name, value }]).map((part) => {
    const start = from;
    from += part.value;
    const width = round(x(from) - x(start));
    const tip = escapeHtml(`${part.name}: ${shown(part.value)} ${unit}`);
    const tone = toneOf(part.name, names);
    return `<rect x="${x(start)}" y="${top + 3}" width="${width}" height="20" fill="${tone}"><title>${tip}</title></rect>`;
  });
  const whisker = interval
    ? `<path d="M${x(interval[0])} ${middle}H${x(interval[1])}M${x(interval[0])} ${middle - 5}v10M${x(interval[1])} ${middle - 5}v10" class="whisker"/>`
    : '';
  const end = x(Math.max(value, interval?.[1] ?? 0)) + 6;
  return [
    `<text x="0" y="${middle + 4}">${escapeHtml(clipped(name))}</text>`,
    ...pieces,
    whisker,
    `<text x="${end}" y="${middle + 4}">${escapeHtml(shown(value))}</text>`,
  ].join('');
}

function bandOf(
  band: NonNullable<ChartOptions['band']>,
  height: number,
  x: (value: number) => number,
): string {
  const [left, right] = [x(band.from), x(band.to)];
  const name = escapeHtml(band.name);
  return (
    `<rect class="band" x="${left}" y="22" width="${round(right - left)}" height="${height - 22}"><title>${name}</title></rect>` +
    `<text class="band-name" x="${left}" y="30">${name}</text>`
  );
}

const round = (value: number) => Math.round(value * 10) / 10;
const shown = (value: number) => String(Number(value.toPrecision(3)));

function clipped(name: string): string {
  const characters = [...name];
  return characters.length <= 50 ? name : `${characters.slice(0, 49).join('')}…`;
}
