import { describe, expect, test } from 'vitest';
import { compareReports } from '../../src/bench/compare/compare.js';
import { readReport } from '../../src/bench/compare/read-report.js';
import type { BenchReport, Target } from '../../src/bench/report/schema.js';
import { aMetric, aReport, aResult, aTarget } from './fixtures/report.js';
import { virtualReport } from './fixtures/virtual-run.js';

const ENGINE = { ttft: 200, tpot: 20, runNoise: 0.015, requestNoise: 0.05 };
const SLOWER = { ...ENGINE, ttft: 220, tpot: 22 };
const SEEDS = Array.from({ length: 200 }, (_, at) => at * 7_919 + 1);
const bootstrap = { seed: 42, resamples: 100 };

describe('two reports of one engine', () => {
  test('say ~ for 95 of 100 seeds and more, in every figure', () => {
    const quiet = SEEDS.filter((seed) => {
      const [a, b] = [virtualReport(ENGINE, seed), virtualReport(ENGINE, seed + 1)];
      return compareReports(a, b, { bootstrap }).verdict === '~';
    });
    expect(quiet.length).toBeGreaterThanOrEqual(190);
  });

  test('say ~ of a report and itself, and never regress', () => {
    const report = virtualReport(ENGINE, 5);
    const compared = compareReports(report, report, { maxRegression: 0 });
    expect(compared.figures.map(({ verdict }) => verdict)).toEqual(['~', '~', '~', '~']);
    expect(compared).toMatchObject({ verdict: '~', regressions: 0 });
    expect(compared.figures[0]).toMatchObject({ ratio: 1, p: 1 });
  });

  test('say slower of a tenth that was planted for 90 of 100 seeds and more', () => {
    const found = SEEDS.filter((seed) => {
      const [a, b] = [virtualReport(ENGINE, seed), virtualReport(SLOWER, seed + 1)];
      const { figures } = compareReports(a, b, { bootstrap });
      const verdictOf = (wanted: string) => figures.find(({ metric }) => metric === wanted)?.verdict;
      return verdictOf('e2e_ms') === 'slower' && verdictOf('out_tps') === 'slower';
    });
    expect(found.length).toBeGreaterThanOrEqual(180);
  });

  test('say faster when they change places', () => {
    const compared = compareReports(virtualReport(SLOWER, 11), virtualReport(ENGINE, 12));
    expect(compared.verdict).toBe('faster');
    const rate = compared.figures.find(({ metric }) => metric === 'out_tps');
    expect(rate?.verdict).toBe('faster');
    expect(rate?.ratio).toBeCloseTo(1.1, 1);
  });

  test('say ~ with three runs, whatever the figures: a rank test cannot tell so few apart', () => {
    const [a, b] = [virtualReport(ENGINE, 1, 3), virtualReport({ ...SLOWER, tpot: 60 }, 2, 3)];
    const { verdict, figures } = compareReports(a, b);
    expect(verdict).toBe('~');
    expect(figures.every(({ reason }) => reason === 'few_runs')).toBe(true);
  });

  test('call no difference one that nobody feels, however sure it is', () => {
    const still = { ...ENGINE, runNoise: 0.0001, requestNoise: 0.0001 };
    const [a, b] = [virtualReport(still, 1), virtualReport({ ...still, tpot: 20.2, ttft: 202 }, 2)];
    expect(compareReports(a, b).verdict).toBe('~');
  });
});

describe('the gate', () => {
  test('fails for what is surely slower by more than allowed, and for nothing else', () => {
    const a = virtualReport(ENGINE, 21);
    const fifth = virtualReport({ ...ENGINE, ttft: 240, tpot: 24 }, 22);
    expect(compareReports(a, fifth, { maxRegression: 0.1 }).regressions).toBeGreaterThan(0);
    expect(compareReports(a, fifth, { maxRegression: 0.3 }).regressions).toBe(0);
    expect(compareReports(fifth, a, { maxRegression: 0 }).regressions).toBe(0);
  });
});

describe('reports that have nothing in common', () => {
  const withTarget = (over: Partial<Target>): BenchReport => aReport({ targets: [aTarget(over)] });
  const refusal = (a: BenchReport, b: BenchReport) => {
    try {
      compareReports(a, b);
    } catch (error) {
      return error as { code: string; detail: string };
    }
    throw new Error('they were compared');
  };

  test('are refused on another machine, by the words of what differs', () => {
    const other = aReport({ client: { ...aReport().client, cpu: 'Other CPU', cores: 8 } });
    expect(refusal(aReport(), other)).toMatchObject({
      code: 'USAGE',
      detail: 'another machine: processor Some CPU → Other CPU; another machine: cores 2 → 8',
    });
  });

  test.each<[string, Partial<Target>, string]>([
    ['another model', { id: 'gemma-2b' }, 'smollm2-135m: only in the report before'],
    ['other weights', { weights_sha256: 'cd'.repeat(32) }, 'another file of weights'],
    ['another quantisation', { quant: 'Q8_0' }, 'another quantisation: Q4_1 → Q8_0'],
    ['random weights', { random_weights: true }, 'another kind of weights: trained → random'],
    ['another device', { hw: { device: 'gpu', gpu: ['Card'] } }, 'another device: cpu → gpu'],
    [
      'no level in common',
      { results: [aResult({ load: { kind: 'closed', concurrency: 4 } })] },
      'alone: only in',
    ],
    [
      'prompts of another length',
      { results: [aResult({ tokens: { source: 'usage', prompt_mean: 64 } })] },
      'prompts of another length: 512 → 64 tokens',
    ],
  ])('are refused with %s', (_name, over, words) => {
    expect(refusal(aReport(), withTarget(over)).detail).toContain(words);
  });

  test('are compared as far as they go, and the rest is named', () => {
    const both = aReport({
      targets: [aTarget(), aTarget({ id: 'gemma-2b' })],
    });
    const { figures, left } = compareReports(both, aReport());
    expect(new Set(figures.map(({ target }) => target))).toEqual(new Set(['smollm2-135m']));
    expect(left).toEqual(['gemma-2b: only in the report before']);
  });

  test('are compared when the engine alone differs, which is said', () => {
    const { notes } = compareReports(aReport(), withTarget({ engine: 'llama.cpp', engine_version: 'b9000' }));
    expect(notes).toEqual(['smollm2-135m: engine embedded → llama.cpp b9000']);
  });

  test('leave out a figure that one of them has not', () => {
    const less = aResult({ metrics: { ttft_ms: aMetric(840) } });
    const { figures } = compareReports(aReport(), withTarget({ results: [less] }));
    expect(figures.map(({ metric }) => metric)).toEqual(['ttft_ms']);
  });
});

test.each([
  ['no-such-report.json', 'there is no such file'],
  ['.', 'it is a folder'],
])('a report that cannot be read, %s, says why', async (file, detail) => {
  await expect(readReport(file)).rejects.toMatchObject({ code: 'USAGE', detail });
});
