import { BotllmError } from '../errors.js';
import { createMetrics } from '../observability/prometheus.js';
import type { Store } from '../stores/contract.js';
import { createDegradingStore } from '../stores/degrading.js';
import { openStore } from '../stores/open.js';
import { createAdmission } from './admission.js';
import { createBreaker } from './breaker.js';
import { createAnswerCache } from './cache.js';
import { systemClock } from './clock.js';
import { createDetector } from './detect.js';
import type { Kit } from './kit.js';
import { MESSAGES } from './messages.js';
import { type LlmClientOptions, resolveOptions } from './options.js';
import { createSingleFlight } from './single-flight.js';
import { createTelemetry, type Telemetry } from './telemetry.js';
import type { Transport } from './transport/contract.js';

export interface ClientParts {
  kit: Kit;
  /** Aborts with `CLIENT_CLOSED`. */
  closing: AbortController;
  close(): Promise<void>;
}

/** While the engine has not said how many requests it takes at once. */
const DEFAULT_PLACES = 4;

/** The one place where a client's parts meet. What is heavy is loaded on first use. */
export function wireClient(options: LlmClientOptions): ClientParts {
  const config = resolveOptions(options);
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const now = () => clock.monotonic();
  const closing = new AbortController();

  const transport = once(async (): Promise<Transport> => {
    if (options.transport) return options.transport;
    const { createOpenAiTransport } = await import('./transport/openai.js');
    return createOpenAiTransport({ root: config.root, apiKey: config.apiKey });
  });
  const store = once(() => storeOf(options, () => clock.now(), telemetry));
  const telemetry = createTelemetry({
    scope: config.scope,
    clock,
    onEvent: options.onEvent,
    metrics: createMetrics(options.registry ? { registry: options.registry } : {}),
  });
  const cache = createAnswerCache({ store: store.get, ttlMs: config.cacheTtlMs, clock, random });
  const kit: Kit = {
    config,
    clock,
    random,
    store: store.get,
    transport: transport.get,
    telemetry,
    cache,
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
    }),
  };

  const shut = once(async () => {
    closing.abort(new BotllmError('CLIENT_CLOSED', MESSAGES.closed));
    await cache.flush();
    const ownsStore = typeof options.store !== 'object';
    await Promise.allSettled([
      transport.made()?.then((opened) => opened.close()),
      ownsStore ? store.made()?.then((opened) => opened.close()) : undefined,
    ]);
  });
  return { kit, closing, close: shut.get };
}

async function storeOf(options: LlmClientOptions, clock: () => number, telemetry: Telemetry): Promise<Store> {
  const { store = 'embedded' } = options;
  if (store === 'memory') return openStore({ kind: 'memory', clock });
  const opened = typeof store === 'object' ? store : await openEmbedded(options.home, clock);
  return createDegradingStore(opened, {
    clock,
    onDegraded: () => telemetry.storeState('degraded', opened.kind),
    onRecovered: () => telemetry.storeState('recovered', opened.kind),
  });
}

async function openEmbedded(home: string | undefined, clock: () => number): Promise<Store> {
  const { defaultHome, homeLayout } = await import('../settings/home.js');
  return openStore({ kind: 'embedded', folder: homeLayout(home ?? defaultHome()).store, clock });
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
