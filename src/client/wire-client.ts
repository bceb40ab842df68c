import type { Metrics } from '../observability/metrics.js';
import { createMetrics } from '../observability/prometheus.js';
import type { Store } from '../stores/contract.js';
import { createDegradingStore } from '../stores/degrading.js';
import { type OpenStoreOptions, openNamedStore, openStore } from '../stores/open.js';
import { createAdmission } from './admission.js';
import { createBreaker } from './breaker.js';
import { createAnswerCache } from './cache.js';
import { systemClock } from './clock.js';
import { createDetector } from './detect.js';
import type { Kit } from './kit.js';
import { createLeases } from './lease.js';
import { createLifetime, type Lifetime } from './lifetime.js';
import { type ClientConfig, type LlmClientOptions, resolveOptions } from './options.js';
import { createSingleFlight } from './single-flight.js';
import { createTelemetry, type Telemetry } from './telemetry.js';
import type { Transport } from './transport/contract.js';

export interface ClientParts {
  kit: Kit;
  lifetime: Lifetime;
  /** Ends the lifetime, then lets everything go. */
  close(drainMs: number): Promise<void>;
}

/** While the engine has not said how many requests it takes at once. */
const DEFAULT_PLACES = 4;
/** How long a Redis that fails is left alone between two looks. */
const REDIS_PROBE_MS = 500;

/** The one place where a client's parts meet. What is heavy is loaded on first use. */
export function wireClient(options: LlmClientOptions): ClientParts {
  const config = resolveOptions(options);
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const now = () => clock.monotonic();
  const lifetime = createLifetime(clock);

  const transport = once(() => transportOf(options.transport ?? 'undici', config));
  const store = once(() => storeOf(options, () => clock.now(), { telemetry, metrics }));
  const metrics = createMetrics(options.registry ? { registry: options.registry } : {});
  const telemetry = createTelemetry({ scope: config.scope, clock, onEvent: options.onEvent, metrics });
  const cache = createAnswerCache({ store: store.get, ttlMs: config.cacheTtlMs, clock, random });
  const leases = createLeases({ store: store.get, clock, random });
  const kit: Kit = {
    config,
    clock,
    random,
    store: store.get,
    transport: transport.get,
    telemetry,
    cache,
    leases,
    detector: createDetector({
      transport: transport.get,
      clock,
      dialect: options.dialect ?? 'auto',
      enabled: options.detect ?? true,
    }),
    breaker: createBreaker({ now }),
    flights: createSingleFlight(clock),
    admission: createAdmission({
      places: config.maxConcurrency ?? DEFAULT_PLACES,
      maxQueued: config.maxQueued,
      now,
      gauge: metrics,
    }),
  };

  const letGo = once(async () => {
    await cache.flush();
    await leases.flush();
    const ownsStore = typeof options.store !== 'object';
    await Promise.allSettled([
      transport.made()?.then((opened) => opened.close()),
      ownsStore ? store.made()?.then((opened) => opened.close()) : undefined,
    ]);
  });
  const close = async (drainMs: number) => {
    await lifetime.end(drainMs);
    await letGo.get();
  };
  return { kit, lifetime, close };
}

async function transportOf(
  transport: Transport | 'undici' | 'openai',
  { root, apiKey }: ClientConfig,
): Promise<Transport> {
  if (typeof transport === 'object') return transport;
  if (transport === 'openai')
    return (await import('./transport/openai.js')).createOpenAiTransport({ root, apiKey });
  return (await import('./transport/undici.js')).createUndiciTransport({ root, apiKey });
}

async function storeOf(
  options: LlmClientOptions,
  clock: () => number,
  { telemetry, metrics }: { telemetry: Telemetry; metrics: Metrics },
): Promise<Store> {
  const { store } = options;
  if (store === 'memory') return openStore({ kind: 'memory', clock });
  const onSkippedWrite = () => telemetry.writeSkipped('redis');
  const opened = typeof store === 'object' ? store : await openShared(options, { clock, onSkippedWrite });
  return createDegradingStore(opened, {
    clock,
    // A Redis that is not there costs nothing to ask, and is to be back in use within seconds.
    ...(opened.kind === 'redis' ? { probeAfterMs: REDIS_PROBE_MS } : {}),
    onDegraded: () => telemetry.storeState('degraded', opened.kind),
    onRecovered: () => telemetry.storeState('recovered', opened.kind),
    onFailure: (operation) => metrics.storeFailed(operation),
    onLocalDecision: () => metrics.decidedLocally(),
  });
}

/** Redis where one is named, else the embedded store. */
async function openShared(
  { store, home, redisUrl }: LlmClientOptions,
  options: Pick<OpenStoreOptions, 'clock' | 'onSkippedWrite'>,
): Promise<Store> {
  const { defaultHome, homeLayout } = await import('../settings/home.js');
  const { runningRedis } = await import('../settings/running-engine.js');
  const layout = homeLayout(home ?? defaultHome());
  // The Redis that `up` started beside a container is the default of whoever names none.
  const named = store === 'embedded' ? 'none' : (redisUrl ?? runningRedis(layout));
  return openNamedStore({ ...options, folder: layout.store, redisUrl: named });
}

/** Makes a thing when it is first asked for; knows whether it was. */
function once<T>(make: () => Promise<T>): { get: () => Promise<T>; made: () => Promise<T> | undefined } {
  let made: Promise<T> | undefined;
  return {
    get: () => {
      made ??= make();
      return made;
    },
    made: () => made,
  };
}
