/**
 * Milliseconds of the machine's monotonic clock: the same in every process of the machine, so that moments of the
 * measuring process and of a synthetic engine can be held against each other.
 */
export function machineNow(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
