import { machineNow } from './clock.js';
import { LoadPlan } from './plan.js';
import type { FromInstrument } from './protocol.js';
import { runLevel } from './run-level.js';

/**
 * The process that measures, and does nothing else: no rendering, no statistics. It runs one load level a message
 * and ends with its parent.
 */
const tell = (message: FromInstrument) => void process.send?.(message);
const over = new AbortController();
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group: the parent decides what it means.
process.on('SIGINT', () => over.abort());
process.on('message', (message: unknown) => {
  const plan = LoadPlan.safeParse(message);
  if (!plan.success) return tell({ type: 'failed', reason: plan.error.message });
  const onProgress = (done: number, total: number) => tell({ type: 'progress', done, total });
  runLevel(plan.data, { signal: over.signal, now: machineNow, onProgress }).then(
    (record) => tell({ type: 'done', record, peakRssBytes: process.resourceUsage().maxRSS * 1024 }),
    (error: unknown) =>
      tell({ type: 'failed', reason: error instanceof Error ? error.message : String(error) }),
  );
});
tell({ type: 'ready', sinceStartMs: performance.now() });
