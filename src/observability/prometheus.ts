import type { Registry } from 'prom-client';
import { createFamilies, type Families } from './families.js';
import type { Metrics } from './metrics.js';

export interface MetricsOptions {
  /** A registry to count in; without it the client has one of its own. The default registry is never touched. */
  registry?: Registry;
  /** Distinct `model` labels, those after them are `other` (10): a caller who invents names cannot fill memory. */
  maxModels?: number;
}

/** Counts kept until prom-client has been loaded (tens of milliseconds, on the first call). */
const MAX_QUEUED = 10_000;

/** The client's counters. prom-client loads on the first call. */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const queue: ((families: Families) => void)[] = [];
  let families: Families | null = null;
  let loading: Promise<Registry> | null = null;

  function load(): Promise<Registry> {
    loading ??= import('prom-client').then(({ default: prom }) => {
      const registry = options.registry ?? new prom.Registry();
      families = createFamilies(prom, registry, options.maxModels ?? 10);
      for (const count of queue.splice(0)) count(families);
      return registry;
    });
    return loading;
  }

  function count(one: (families: Families) => void): void {
    if (families) {
      one(families);
      return;
    }
    if (queue.length < MAX_QUEUED) queue.push(one);
    // A failure to load is told by expose(); a call must not fail for not being counted.
    load().catch(() => undefined);
  }

  return {
    record(call) {
      if (call.error !== 'DISABLED') count((to) => to.record(call));
    },
    inFlight: (change) => count((to) => to.inFlight(change)),
    queued: (priority, change) => count((to) => to.queued(priority, change)),
    waited: (priority, ms) => count((to) => to.waited(priority, ms)),
    storeFailed: (operation) => count((to) => to.storeFailed(operation)),
    writeSkipped: () => count((to) => to.writeSkipped()),
    decidedLocally: () => count((to) => to.decidedLocally()),
    async expose() {
      return (await load()).metrics();
    },
  };
}
