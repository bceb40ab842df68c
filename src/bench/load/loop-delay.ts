import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late this process itself was, in milliseconds. */
export interface LoopDelay {
  p99: number;
  max: number;
}

const RESOLUTION_MS = 5;

/** Watches the event loop; what it reports is beyond the pause between two looks. */
export function watchLoop(): { read(): LoopDelay; stop(): void } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const beyond = (ns: number) => Math.max(0, ns / 1e6 - RESOLUTION_MS);
  return {
    read: () => ({ p99: beyond(histogram.percentile(99)), max: beyond(histogram.max) }),
    stop: () => void histogram.disable(),
  };
}
