import type { Registry } from 'prom-client';
import { CALL_ERROR_CODES, type ErrorCode } from '../errors.js';
import type { Metrics } from './metrics.js';

type Prom = typeof import('prom-client');

const LATENCY_BUCKETS_MS = [
  1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 30_000, 45_000, 60_000,
];
const WAIT_BUCKETS_MS = [0, 1, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 30_000, 45_000];

const MAX_LABEL_CHARS = 200;

/** What a client counts with, once prom-client is there. */
export type Families = Omit<Metrics, 'expose'>;

/** The `model` labels of each registry: clients that share one share its bound. */
const modelsOf = new WeakMap<Registry, Set<string>>();

/** The metric families, with the names and labels that dashboards rely on. */
export function createFamilies(prom: Prom, registry: Registry, maxModels: number): Families {
  const { counter, gauge, histogram } = makers(prom, registry);
  const requests = counter('llm_requests_total', 'Finished calls', ['type', 'status']);
  const tokens = counter('llm_tokens_total', 'Tokens as the engine counted them', ['model', 'type']);
  const hits = counter('llm_cache_hits_total', 'Calls answered from the cache', ['model']);
  const errors = counter('llm_errors_total', 'Calls that failed, by error', ['model', 'error_type']);
  const latency = histogram(
    'llm_latency_ms',
    'Milliseconds of a whole call, waits and retries included',
    ['type', 'cached'],
    LATENCY_BUCKETS_MS,
  );
  const inFlight = gauge('llm_in_flight', 'Calls that have a place at the engine', []);
  const queueLength = gauge('llm_queue_length', 'Calls that wait for a place at the engine', ['priority']);
  const queueWait = histogram(
    'llm_queue_wait_ms',
    'Milliseconds that calls waited for their place; 0: one was free',
    ['priority'],
    WAIT_BUCKETS_MS,
  );
  const storeErrors = counter('llm_store_errors_total', 'Failures of the guards’ store', ['op']);
  const skipped = counter('llm_cache_writes_skipped_total', 'Answers not kept, the store being full', []);
  const local = counter(
    'llm_limiter_degraded_total',
    'Limiter decisions by the rule in memory, the store being away',
    [],
  );
  const modelLabel = boundedLabels(registry, maxModels);

  return {
    record({ type, model: name, latencyMs, cached, error, usage }) {
      const model = modelLabel(name);
      requests.inc({ type, status: error ? 'failed' : 'success' });
      latency.observe({ type, cached: String(cached) }, latencyMs);
      if (error) errors.inc({ model, error_type: errorLabel(error) });
      else if (cached) hits.inc({ model });
      if (!usage || cached) return;
      tokens.inc({ model, type: 'input' }, usage.inputTokens);
      tokens.inc({ model, type: 'output' }, usage.outputTokens);
    },
    // By differences: clients that share a registry add up.
    inFlight: (change) => inFlight.inc(change),
    queued: (priority, change) => queueLength.inc({ priority }, change),
    waited: (priority, ms) => queueWait.observe({ priority }, ms),
    storeFailed: (operation) => storeErrors.inc({ op: operation }),
    writeSkipped: () => skipped.inc(),
    decidedLocally: () => local.inc(),
  };
}

/** Makes a family, or finds the one that another client made in the same registry: they count together. */
function makers(prom: Prom, registry: Registry) {
  const found = <M>(name: string) => registry.getSingleMetric(name) as M | undefined;
  const registers = [registry];
  return {
    counter: <L extends string>(name: string, help: string, labelNames: L[]) =>
      found<InstanceType<typeof prom.Counter<L>>>(name) ??
      new prom.Counter({ name, help, labelNames, registers }),
    gauge: <L extends string>(name: string, help: string, labelNames: L[]) =>
      found<InstanceType<typeof prom.Gauge<L>>>(name) ??
      new prom.Gauge({ name, help, labelNames, registers }),
    histogram: <L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) =>
      found<InstanceType<typeof prom.Histogram<L>>>(name) ??
      new prom.Histogram({ name, help, labelNames, buckets, registers }),
  };
}

function boundedLabels(registry: Registry, maxModels: number): (model: string) => string {
  const models = modelsOf.get(registry) ?? new Set<string>();
  modelsOf.set(registry, models);
  return (name) => {
    // An engine may say what it likes of itself.
    const model = name.slice(0, MAX_LABEL_CHARS).replaceAll(/\p{Cc}/gu, '?');
    if (models.has(model)) return model;
    if (models.size >= maxModels) return 'other';
    models.add(model);
    return model;
  };
}

function errorLabel(error: ErrorCode): string {
  return ((CALL_ERROR_CODES as readonly ErrorCode[]).includes(error) ? error : 'INTERNAL').toLowerCase();
}
