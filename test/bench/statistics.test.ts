import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { centreOf } from '../../src/bench/statistics/interval.js';
import { mannWhitney } from '../../src/bench/statistics/mann-whitney.js';
import { mcnemar } from '../../src/bench/statistics/mcnemar.js';
import { pooledOf, valuesNeeded } from '../../src/bench/statistics/percentiles.js';
import { seeded } from '../../src/bench/statistics/random.js';
import { drifts } from '../../src/bench/statistics/stationarity.js';
import { studentQuantile } from '../../src/bench/statistics/student-t.js';
import { metricOfRequests, metricOfRuns } from '../../src/bench/statistics/summary.js';
import { wilcoxonSignedRank } from '../../src/bench/statistics/wilcoxon.js';
import { wilson } from '../../src/bench/statistics/wilson.js';

const upTo = (n: number) => Array.from({ length: n }, (_, at) => at + 1);

describe("Student's t", () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2.
  test.each([
    [0.975, 1, 12.706],
    [0.975, 2, 4.303],
    [0.975, 3, 3.182],
    [0.975, 4, 2.776],
    [0.975, 5, 2.571],
    [0.975, 9, 2.262],
    [0.975, 29, 2.045],
    [0.975, 60, 2.0],
    [0.975, 100, 1.984],
    [0.95, 4, 2.132],
    [0.95, 10, 1.812],
    [0.995, 4, 4.604],
    [0.995, 10, 3.169],
    [0.999, 3, 10.215],
  ])('at %f with %i degrees of freedom is that of the table', (p, degrees, published) => {
    expect(studentQuantile(p, degrees)).toBeCloseTo(published, 3);
  });

  test('makes the interval of a mean: with 5 runs 1.24 deviations, with 3 runs 2.48', () => {
    const five = centreOf([98, 99, 100, 101, 102]);
    expect(five.mean).toBe(100);
    expect(five.ci95?.[1]).toBeCloseTo(100 + 1.2417 * Math.sqrt(2.5), 3);
    expect(five.cv).toBeCloseTo(Math.sqrt(2.5) / 100, 12);
    expect(centreOf([99, 100, 101]).ci95?.[0]).toBeCloseTo(100 - 2.4842, 3);
  });

  test('gives no interval to a single run, and nothing to none', () => {
    expect(centreOf([7])).toEqual({ mean: 7 });
    expect(centreOf([])).toEqual({});
    expect(centreOf([0, 0])).toEqual({ mean: 0, ci95: [0, 0] });
  });

  test('covers the truth in 95 of 100 experiments with five runs', () => {
    const random = seeded(1);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let covered = 0;
    for (let i = 0; i < 4_000; i++) {
      const { ci95 = [1, -1] } = centreOf(upTo(5).map(() => normal()));
      if (ci95[0] <= 0 && 0 <= ci95[1]) covered++;
    }
    expect(covered / 4_000).toBeGreaterThan(0.94);
    expect(covered / 4_000).toBeLessThan(0.96);
  });
});

describe('percentiles', () => {
  // benchmarks.md 4.4, and any text on nonparametric tolerance limits (Wilks 1941): 1 − qⁿ ≥ 0.95.
  test.each([
    [0.9, 29],
    [0.95, 59],
    [0.99, 299],
  ])('the one at %f needs %i values', (share, needed) => {
    expect(valuesNeeded(share)).toBe(needed);
  });

  test('are those that so many values can carry, and no others', () => {
    expect(pooledOf([])).toEqual({ n: 0 });
    expect(pooledOf([5, 3])).toEqual({ n: 2, min: 3, max: 5 });
    expect(pooledOf(upTo(5))).toEqual({ n: 5, min: 1, p50: 3, max: 5 });
    expect(pooledOf(upTo(28))).not.toHaveProperty('p90');
    expect(pooledOf(upTo(29))).toHaveProperty('p90', 27);
    expect(pooledOf(upTo(58))).not.toHaveProperty('p95');
    expect(pooledOf(upTo(299))).toEqual({ n: 299, min: 1, p50: 150, p90: 270, p95: 285, p99: 297, max: 299 });
  });

  test('do not depend on the order of the values, and lie among them', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(values, (sample) => {
        const { n, min = 0, max = 0, ...percentiles } = pooledOf(sample);
        expect(pooledOf([...sample].reverse())).toEqual({ n, min, ...percentiles, max });
        const steps = [min, ...Object.values(percentiles as Record<string, number>), max];
        expect(steps).toEqual([...steps].sort((a, b) => a - b));
      }),
      { seed: 7, numRuns: 100 },
    );
  });
});

describe('a figure of a report', () => {
  test('is the mean over the runs of the median of their requests', () => {
    const metric = metricOfRequests([
      [1, 2, 90],
      [3, 4, 5],
      [6, 6, 6.00049],
    ]);
    expect(metric?.runs).toEqual([2, 4, 6]);
    expect(metric?.mean).toBe(4);
    expect(metric?.pooled?.n).toBe(9);
    expect(metric?.samples?.[2]).toEqual([6, 6, 6]);
  });

  test('is absent when nobody measured it, never 0', () => {
    expect(metricOfRequests([[], []])).toBeUndefined();
    expect(metricOfRuns([])).toBeUndefined();
    expect(metricOfRequests([[], [4]])).toMatchObject({ runs: [4], mean: 4 });
  });
});

describe('the look for drift', () => {
  test('sees a second half that is more than a tenth away from the first', () => {
    const steady = upTo(40).map((i) => 100 + (i % 5));
    expect(drifts(steady)).toBe(false);
    expect(drifts(steady.map((value, i) => (i < 20 ? value : value * 1.15)))).toBe(true);
    expect(drifts(steady.map((value, i) => (i < 20 ? value : value * 0.85)))).toBe(true);
    expect(drifts(steady.map((value, i) => (i < 20 ? value : value * 1.05)))).toBe(false);
  });

  test('says nothing of a handful of values', () => {
    expect(drifts([1, 1, 1, 1, 9, 9, 9, 9])).toBe(false);
  });
});

describe('the interval of a share', () => {
  // R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998),
  // table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is that of the table', (good, of, low, high) => {
    expect(wilson(good, of)[0]).toBeCloseTo(low, 4);
    expect(wilson(good, of)[1]).toBeCloseTo(high, 4);
  });

  test('is of something', () => {
    expect(() => wilson(0, 0)).toThrow(RangeError);
    expect(() => wilson(3, 2)).toThrow(RangeError);
    expect(wilson(20, 20)[1]).toBe(1);
  });
});

describe('Mann–Whitney', () => {
  /** Two samples whose U is as asked: ranks 1 to n moved up one by one. */
  const withU = (n: number, m: number, u: number): [number[], number[]] => {
    const a = upTo(n);
    let left = u;
    for (let at = n - 1; at >= 0 && left > 0; at--) {
      const step = Math.min(m, left);
      a[at] = (a[at] ?? 0) + step;
      left -= step;
    }
    return [a, upTo(n + m).filter((rank) => !a.includes(rank))];
  };

  // H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18 (1947), table I, n = m = 5 (one-sided).
  test.each([
    [0, 0.004],
    [1, 0.008],
    [2, 0.016],
    [3, 0.028],
    [4, 0.048],
    [5, 0.075],
  ])('with 5 and 5 values and U = %i is that of the table', (u, oneSided) => {
    expect(mannWhitney(...withU(5, 5, u)) / 2).toBeCloseTo(oneSided, 3);
  });

  // R. C. Milton, Journal of the American Statistical Association 59 (1964): greatest U with p ≤ 0.05, two-sided.
  test.each([
    [4, 4, 0],
    [8, 8, 13],
    [10, 10, 23],
    [20, 20, 127],
  ])('with %i and %i values calls U = %i significant and the next one not', (n, m, u) => {
    expect(mannWhitney(...withU(n, m, u))).toBeLessThanOrEqual(0.05);
    expect(mannWhitney(...withU(n, m, u + 1))).toBeGreaterThan(0.05);
  });

  test('finds what Hollander and Wolfe (1973, p. 69) find', () => {
    const x = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const y = [1.15, 0.88, 0.9, 0.74, 1.21];
    expect(mannWhitney(x, y)).toBeCloseTo(0.2544, 4);
    expect(mannWhitney(y, x)).toBeCloseTo(0.2544, 4);
  });

  test('knows ties, and that equal samples are equal', () => {
    expect(mannWhitney([1, 1, 1], [1, 1, 1])).toBe(1);
    // 4 of the 20 ways to deal out the ranks 1.5, 1.5, 3, 4.5, 4.5, 6 lie as far out as 1.5 + 1.5 + 3 or farther.
    expect(mannWhitney([1, 1, 2], [3, 3, 4])).toBeCloseTo(0.1, 10);
    expect(mannWhitney([], [1])).toBe(1);
  });

  test('calls one in twenty pairs of large samples different that are not', () => {
    const random = seeded(3);
    const sample = () => Array.from({ length: 60 }, () => Math.round(random() * 40));
    const called = upTo(1_000).filter(() => mannWhitney(sample(), sample()) < 0.05).length;
    expect(called).toBeGreaterThan(30);
    expect(called).toBeLessThan(70);
  });
});

describe('McNemar', () => {
  // Cumulative binomial distribution for p = 0.5 (CRC Standard Probability and Statistics Tables): twice the tail.
  test.each([
    [0, 5, 0.0313],
    [1, 9, 0.0107],
    [2, 8, 0.0547],
    [5, 15, 0.0207],
    [10, 20, 0.0494],
  ])('with %i against %i is twice the binomial table', (a, b, tail) => {
    expect(mcnemar(a, b) / 2).toBeCloseTo(tail, 3);
    expect(mcnemar(b, a)).toBe(mcnemar(a, b));
  });

  test('says nothing where the ways never differ, and holds for thousands of cases', () => {
    expect(mcnemar(0, 0)).toBe(1);
    expect(mcnemar(4, 4)).toBe(1);
    expect(mcnemar(2_000, 2_000)).toBeGreaterThan(0.99);
    expect(mcnemar(1_900, 2_100)).toBeCloseTo(0.00164, 3);
  });
});

describe('the signed-rank test', () => {
  // F. Wilcoxon and R. A. Wilcox, Some Rapid Approximate Statistical Procedures (1964): greatest sum of the
  // smaller side with p ≤ 0.05, two-sided.
  test.each([
    [6, 0],
    [8, 3],
    [10, 8],
    [15, 25],
    [20, 52],
    [25, 89],
  ])('with %i pairs calls a sum of %i significant and the next one not', (pairs, sum) => {
    const withSum = (wanted: number) => {
      let left = wanted;
      return upTo(pairs)
        .reverse()
        .map((rank) => {
          const takes = rank <= left;
          if (takes) left -= rank;
          return takes ? -rank : rank;
        });
    };
    expect(wilcoxonSignedRank(withSum(sum))).toBeLessThanOrEqual(0.05);
    expect(wilcoxonSignedRank(withSum(sum + 1))).toBeGreaterThan(0.05);
  });

  test('finds what Hollander and Wolfe (1973, p. 29) find', () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    expect(wilcoxonSignedRank(before.map((value, at) => value - (after[at] ?? 0)))).toBeCloseTo(0.0391, 4);
  });

  test('leaves out pairs without a difference', () => {
    expect(wilcoxonSignedRank([0, 0, 0])).toBe(1);
    expect(wilcoxonSignedRank([0, 1, 2, 3, 4, 5, 6])).toBeCloseTo(2 / 64, 10);
  });
});
