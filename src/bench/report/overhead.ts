import { sampleVariance } from 'simple-statistics';
import { studentQuantile } from '../statistics/student-t.js';
import { levelName } from './level-name.js';
import type { Target } from './schema.js';
import type { Metric, Result } from './schema-result.js';

const COMPARED = ['ttft_ms', 'tpot_ms', 'e2e_ms'] as const;

/** What a way of asking adds to the same load straight to the engine, in milliseconds. */
export interface Overhead {
  target: string;
  /** The load and the way. */
  level: string;
  metric: (typeof COMPARED)[number];
  addedMs: number;
  /** 95 %; absent where either side has fewer than two runs. */
  ci95?: [number, number];
}

/** Ways beside `engine`, each against it at the same load. One that stands alone is compared with nothing. */
export function overheads({ id, results }: Target): Overhead[] {
  return results
    .filter(({ via = 'engine' }) => via !== 'engine')
    .flatMap((result) => {
      const bare = results.find((one) => (one.via ?? 'engine') === 'engine' && isSameLoad(one, result));
      return COMPARED.flatMap((metric) => {
        const [ours, theirs] = [result.metrics[metric], bare?.metrics[metric]];
        const added = ours && theirs && difference(ours, theirs);
        return added ? [{ target: id, level: levelName(result), metric, ...added }] : [];
      });
    });
}

function isSameLoad(a: Result, b: Result): boolean {
  const isSame = a.workload === b.workload && a.prefix === b.prefix;
  return isSame && JSON.stringify(a.load) === JSON.stringify(b.load);
}

/**
 * Difference of two means of runs, with the interval of Welch's t test (B. L. Welch, Biometrika 34, 1947): the two
 * need not vary alike. Degrees of freedom are cut to a whole number, which makes it a little wider.
 */
function difference(a: Metric, b: Metric): Pick<Overhead, 'addedMs' | 'ci95'> | undefined {
  if (a.mean === undefined || b.mean === undefined) return undefined;
  const addedMs = a.mean - b.mean;
  if (a.runs.length < 2 || b.runs.length < 2) return { addedMs };
  const [va, vb] = [a, b].map(({ runs }) => sampleVariance(runs) / runs.length) as [number, number];
  if (va + vb === 0) return { addedMs, ci95: [addedMs, addedMs] };
  const degrees = (va + vb) ** 2 / (va ** 2 / (a.runs.length - 1) + vb ** 2 / (b.runs.length - 1));
  const half = studentQuantile(0.975, Math.max(1, Math.floor(degrees))) * Math.sqrt(va + vb);
  return { addedMs, ci95: [addedMs - half, addedMs + half] };
}
