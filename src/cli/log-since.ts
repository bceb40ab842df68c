import { recordOf } from './log-line.js';

/** Which lines of a log are from then on. */
export interface SinceFilter {
  wants: (line: string) => boolean;
  /** Whether any line told its time: without one nothing could be left out. */
  sawTimes: () => boolean;
}

/**
 * A line without a time of its own (the last words of a crash) belongs to the one before it; before any time is
 * known nothing is left out.
 */
export function sinceFilter(since: Date | undefined): SinceFilter {
  let isAfter = true;
  let seen = false;
  return {
    wants(line) {
      if (since === undefined) return true;
      const { time } = recordOf(line) ?? {};
      const at = typeof time === 'string' ? Date.parse(time) : Number.NaN;
      if (!Number.isNaN(at)) {
        seen = true;
        isAfter = at >= since.getTime();
      }
      return isAfter;
    },
    sawTimes: () => seen,
  };
}
