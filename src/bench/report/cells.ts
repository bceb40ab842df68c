import type { ServedFacts, Target } from './schema.js';
import type { Memory } from './schema-memory.js';
import type { Metric, Result } from './schema-result.js';

/** What a cell says where nothing was measured. */
export const NOTHING = '–';

/** MB of 10^6 bytes below 1 GB, else GB. */
export function bytesText(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** Three digits that count, never an exponent. */
export function numberText(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** Mean and half of the interval: `8.02 ± 0.11`. */
export function meanText(metric: Metric | undefined): string {
  if (metric?.mean === undefined) return NOTHING;
  const [low, high] = metric.ci95 ?? [];
  const half = low === undefined || high === undefined ? undefined : (high - low) / 2;
  return half === undefined ? numberText(metric.mean) : `${numberText(metric.mean)} ± ${numberText(half)}`;
}

/** Median and p95; with too few requests for that the highest, and how many there were. */
export function tailText(metric: Metric | undefined, scale = 1): string {
  const pooled = metric?.pooled;
  if (!pooled || pooled.max === undefined) return meanText(metric);
  const show = (value: number) => numberText(value / scale);
  const middle = pooled.p50 === undefined ? '' : `${show(pooled.p50)} · `;
  if (pooled.p95 !== undefined) return `${middle}p95 ${show(pooled.p95)}`;
  return `${middle}max ${show(pooled.max)} (n=${pooled.n})`;
}

export function modelText({ id, random_weights: random }: Target): string {
  return random ? `${id} (random weights)` : id;
}

export function sizeText({ parameters, quant, weights_bytes: bytes }: ServedFacts): string {
  const count =
    parameters === undefined
      ? undefined
      : parameters < 1e9
        ? `${Math.round(parameters / 1e6)}M`
        : `${Number((parameters / 1e9).toFixed(1))}B`;
  const known = [count, quant, bytes === undefined ? undefined : bytesText(bytes)];
  return known.filter((part) => part !== undefined).join(', ') || NOTHING;
}

/** Never one bare number: what is its own, what is pages of files; what the weights take, and the KV cache. */
export function memoryText(memory: Memory | undefined): string {
  if (!memory) return NOTHING;
  const { ram, gpu, split } = memory;
  const parts: string[] = [];
  if (ram) {
    const all = ram.pss ?? ram.working_set ?? ram.rss ?? ram.peak;
    const inside = [partText('own', ram.anon), partText('files', ram.file)].filter((part) => part !== '');
    if (all !== undefined)
      parts.push(`RAM ${bytesText(all)} (${inside.join(' + ') || `all of it, by ${ram.method}`})`);
  }
  const pieces = [
    partText('weights', split?.weights),
    partText('KV', split?.kv),
    partText('other', split?.other),
  ].filter((part) => part !== '');
  if (pieces.length > 0) parts.push(pieces.join(' + '));
  if (gpu)
    parts.push(`GPU ${bytesText(gpu.bytes)} ${GPU_SCOPE[gpu.scope]}${gpu.preallocated ? ', reserved' : ''}`);
  return parts.join('; ') || NOTHING;
}

const GPU_SCOPE = {
  process: 'of the process',
  device_delta: 'more on the card than before',
  server_reported: 'as the engine says',
} as const;

function partText(name: string, bytes: number | undefined): string {
  return bytes === undefined ? '' : `${name} ${bytesText(bytes)}`;
}

export function qualityText({ quality, random_weights: random, absent }: Target): string {
  if (random) return 'none: random weights';
  const [first] = quality ?? [];
  if (!first) return absent?.quality ?? NOTHING;
  const percent = (share: number) => Math.round(share * 1000) / 10;
  const { rate, ci95 } = first.usable;
  return `${percent(rate)} % usable [${percent(ci95[0])}–${percent(ci95[1])}], n=${first.n}, ${first.way}`;
}

export function deviceText({ hw }: ServedFacts): string {
  if (hw.device === 'gpu') return hw.gpu.join(' + ') || 'GPU';
  return hw.device === 'cpu' ? 'CPU' : 'unknown device';
}

/** Tokens per second of one answer while it is written, as its reader sees it. */
export function speedText(result: Result | undefined): string {
  const speed = result?.metrics.decode_tps ?? result?.metrics.e2e_tps;
  if (!result || !speed) return NOTHING;
  return `${result.tokens.source === 'estimated' ? '~' : ''}${meanText(speed)} tok/s`;
}
