import type { Load, Result } from './schema-result.js';

/** A load as a table names it: `4 at once`, `0.5/s poisson`. */
export function loadName(load: Load): string {
  if (load.kind === 'open') return `${load.request_rate}/s ${load.arrival}`;
  return load.concurrency === 1 ? 'alone' : `${load.concurrency} at once`;
}

/** What a row was measured with, beside its model. */
export function levelName({ workload, load, via = 'engine', prefix }: Result): string {
  const beside = [via === 'engine' ? undefined : `via ${via}`, prefix === 'warm' ? prefix : undefined];
  return [workload, loadName(load), ...beside.filter((part) => part !== undefined)].join(', ');
}
