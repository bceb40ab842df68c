import type { Registry } from 'prom-client';
import type { CallRecord, Metrics } from './metrics.js';

export interface MetricsOptions {
  /** A registry to count in; without it the client has one of its own. The default registry is never touched. */
  registry?: Registry;
  /** Distinct `model` labels, those after them are `other` (20): a caller who invents names cannot fill memory. */
  maxModels?: number;
}

const LATENCY_BUCKETS_MS = [
  1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 30_000, 45_000, 60_000,
];
/** Calls kept until prom-client has been loaded (tens of milliseconds, on the first call). */
const MAX_QUEUED = 10_000;

type Count = (call: CallRecord) => void;

/** The client's counters, with the names and labels that dashboards rely on. prom-client loads on the first call. */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const queue: CallRecord[] = [];
  let count: Count | null = null;
  let loading: Promise<Registry> | null = null;

  function load(): Promise<Registry> {
    loading ??= import('prom-client').then(({ default: prom }) => {
      const registry = options.registry ?? new prom.Registry();
      count = counters(prom, registry, options.maxModels ?? 20);
      for (const call of queue.splice(0)) count(call);
      return registry;
    });
    return loading;
  }

  return {
    record(call) {
      if (call.error === 'DISABLED') return;
      if (count) return count(call);
      if (queue.length < MAX_QUEUED) queue.push(call);
      // A failure to load is told by expose(); a call must not fail for not being counted.
      load().catch(() => undefined);
    },
    async expose() {
      return (await load()).metrics();
    },
  };
}

function counters(prom: typeof import('prom-client'), registry: Registry, maxModels: number): Count {
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    // Two clients may share a registry, and then count together.
    (registry.getSingleMetric(name) as InstanceType<typeof prom.Counter<L>> | undefined) ??
    new prom.Counter({ name, help, labelNames, registers: [registry] });
  const requests = counter('llm_requests_total', 'Finished calls', ['type', 'status']);
  const tokens = counter('llm_tokens_total', 'Tokens as the engine counted them', ['model', 'type']);
  const hits = counter('llm_cache_hits_total', 'Calls answered from the cache', ['model']);
  const errors = counter('llm_errors_total', 'Calls that failed, by error', ['model', 'error_type']);
  const latency =
    (registry.getSingleMetric('llm_latency_ms') as
      | InstanceType<typeof prom.Histogram<'type' | 'cached'>>
      | undefined) ??
    new prom.Histogram({
      name: 'llm_latency_ms',
      help: 'Milliseconds of a whole call, waits and retries included',
      labelNames: ['type', 'cached'],
      buckets: LATENCY_BUCKETS_MS,
      registers: [registry],
    });

  const models = new Set<string>();
  const modelLabel = (model: string) => {
    if (models.has(model)) return model;
    if (models.size >= maxModels) return 'other';
    models.add(model);
    return model;
  };

  return ({ type, model: name, latencyMs, cached, error, usage }) => {
    const model = modelLabel(name);
    requests.inc({ type, status: error ? 'failed' : 'success' });
    latency.observe({ type, cached: String(cached) }, latencyMs);
    if (error) errors.inc({ model, error_type: error.toLowerCase() });
    else if (cached) hits.inc({ model });
    if (!usage || cached) return;
    tokens.inc({ model, type: 'input' }, usage.inputTokens);
    tokens.inc({ model, type: 'output' }, usage.outputTokens);
  };
}
