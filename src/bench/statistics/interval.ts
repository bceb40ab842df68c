import { mean, sampleStandardDeviation } from 'simple-statistics';
import { studentQuantile } from './student-t.js';

export interface Centre {
  mean?: number;
  /** 95 %, by Student's t over the runs; absent with fewer than two. */
  ci95?: [number, number];
  /** Sample deviation over mean; absent where the mean is 0. */
  cv?: number;
}

/** Mean and interval of the runs' own values. Requests of one run are no replicates: they share its luck. */
export function centreOf(runs: readonly number[]): Centre {
  if (runs.length === 0) return {};
  const centre = mean([...runs]);
  if (runs.length === 1) return { mean: centre };
  const deviation = sampleStandardDeviation([...runs]);
  const half = (studentQuantile(0.975, runs.length - 1) * deviation) / Math.sqrt(runs.length);
  return {
    mean: centre,
    ci95: [centre - half, centre + half],
    ...(centre === 0 ? {} : { cv: deviation / Math.abs(centre) }),
  };
}
