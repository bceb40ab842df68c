import type { Sample } from './exposition.js';

/** Which series are meant: each label has this value, or passes this test. */
export type Match = Readonly<Record<string, string | ((value: string) => boolean)>>;

/** What a histogram tells, in its own unit; a quantile beyond its last finite bound is that bound. */
export interface Distribution {
  count: number;
  mean: number;
  p50?: number;
  p95?: number;
  p99?: number;
}

/** Looks into the samples of one process, or of several whose counts add up. */
export class Samples {
  private readonly byName: ReadonlyMap<string, readonly Sample[]>;

  constructor(samples: readonly Sample[]) {
    const byName = new Map<string, Sample[]>();
    for (const sample of samples) {
      const sameName = byName.get(sample.name);
      if (sameName) sameName.push(sample);
      else byName.set(sample.name, [sample]);
    }
    this.byName = byName;
  }

  /** The sum over all series that match; absent where there are none. */
  sum(name: string, match: Match = {}): number | undefined {
    const found = this.matching(name, match);
    return found.length === 0 ? undefined : found.reduce((total, { value }) => total + value, 0);
  }

  /** The sums by one label's values. */
  by(name: string, label: string, match: Match = {}): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { labels, value } of this.matching(name, match)) {
      const key = labels[label] ?? '';
      sums[key] = (sums[key] ?? 0) + value;
    }
    return sums;
  }

  /** Absent where nothing was observed. */
  histogram(name: string, match: Match = {}): Distribution | undefined {
    const count = this.sum(`${name}_count`, match) ?? 0;
    const sum = this.sum(`${name}_sum`, match);
    if (count === 0 || sum === undefined) return undefined;
    const buckets = Object.entries(this.by(`${name}_bucket`, 'le', match))
      .map(([bound, total]): Bucket => [bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound), total])
      .sort(([a], [b]) => a - b);
    const at = (q: number) => quantile(buckets, q);
    const known = Object.entries({ p50: at(0.5), p95: at(0.95), p99: at(0.99) });
    return {
      count,
      mean: sum / count,
      ...Object.fromEntries(known.filter(([, value]) => value !== undefined)),
    };
  }

  private matching(name: string, match: Match): readonly Sample[] {
    return (this.byName.get(name) ?? []).filter(({ labels }) =>
      Object.entries(match).every(([label, wanted]) =>
        typeof wanted === 'string' ? labels[label] === wanted : wanted(labels[label] ?? ''),
      ),
    );
  }
}

export type Bucket = readonly [bound: number, cumulative: number];

/**
 * The quantile of a histogram, as Prometheus' `histogram_quantile` has it, so that a terminal shows what Grafana shows:
 * linear within a bucket, the lowest of which begins at 0; the last finite bound where it lies above that.
 * @param buckets by rising bound, the last of them infinite: what was counted up to there
 * @returns absent where nothing was counted
 */
export function quantile(buckets: readonly Bucket[], q: number): number | undefined {
  const rank = q * (buckets.at(-1)?.[1] ?? 0);
  if (!(rank > 0)) return undefined;
  const index = buckets.findIndex(([, cumulative]) => cumulative >= rank);
  const [bound, upTo] = buckets[index] ?? [Number.POSITIVE_INFINITY, 0];
  const [low, before] = buckets[index - 1] ?? [0, 0];
  if (!Number.isFinite(bound)) return index > 0 ? low : undefined;
  const inside = upTo - before;
  return inside === 0 ? bound : low + (bound - low) * ((rank - before) / inside);
}
