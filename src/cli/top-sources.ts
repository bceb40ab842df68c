import { LIMIT_WINDOW_MS } from '../client/quota.js';
import { probeGpu } from '../engines/compose/gpu.js';
import { listModels } from '../models/installed.js';
import { machineMemory } from '../models/machine.js';
import { fitsMemory, memoryFacts, USUAL_CONTEXT } from '../models/memory.js';
import { parseExposition, type Sample } from '../observability/exposition.js';
import type { Store } from '../stores/contract.js';
import type { Source, Sources } from '../tui/collector.js';
import { count, noCounts } from '../tui/counts.js';
import { EventTail } from '../tui/event-tail.js';
import type { TopModel } from '../tui/model.js';
import { TrafficWindow } from '../tui/traffic.js';
import type { Context } from './context.js';
import { toolsOf } from './docker.js';
import { observe } from './observe.js';
import { limitOf } from './rate-limit.js';
import { benchLook } from './top-bench.js';
import { topLog } from './top-log.js';
import { usage } from './usage.js';

const MOST_USERS = 100;
/** Of one look at counters: whoever takes longer is away, for this time. */
const METRICS_MS = 1_000;
const STORE_MS = 2_000;

/** Who found nothing looks again after this time: it mostly stays so. */
const SELDOM_MS = 5_000;

/** Where the parts of `top` come from. Cheap ones are looked at whenever it draws, dear ones seldom. */
export function topSources(ctx: Context, store: Store, metricsUrls: readonly string[]): Sources {
  const tail = new EventTail(ctx.layout.eventLog);
  return {
    engine: { everyMs: 2_000, look: async () => ({ engine: await observe(ctx) }) },
    traffic: {
      everyMs: ({ metrics }) => (metrics?.some(({ answers }) => answers) ? 0 : SELDOM_MS),
      look: trafficFrom(metricsUrls),
    },
    events: {
      everyMs: 0,
      look: async () => {
        await tail.look();
        return { events: tail.events };
      },
    },
    log: { everyMs: ({ logOf }) => (logOf === ctx.layout.engineLog ? 0 : SELDOM_MS), look: topLog(ctx) },
    store: { everyMs: 5_000, look: (signal) => storeView(ctx, store, signal) },
    models: { everyMs: 30_000, look: async () => ({ models: await modelRows(ctx) }) },
    // Asks Docker and the card's driver, each a process of its own.
    taken: {
      everyMs: ({ taken: found = [] }) => (found.length > 0 ? 10_000 : 60_000),
      look: () => taken(ctx),
    },
    bench: { everyMs: 1_000, look: benchLook(ctx) },
  };
}

function trafficFrom(urls: readonly string[]): Source['look'] {
  const window = new TrafficWindow();
  return async (signal) => {
    const answers = await Promise.all(
      urls.map(async (url): Promise<Sample[] | undefined> => {
        try {
          const bound = AbortSignal.any([signal, AbortSignal.timeout(METRICS_MS)]);
          const response = await fetch(url, { signal: bound });
          return response.ok ? parseExposition(await response.text()) : undefined;
        } catch {
          return undefined;
        }
      }),
    );
    const metrics = urls.map((url, i) => ({ url, answers: answers[i] !== undefined }));
    const answered = answers.filter((samples) => samples !== undefined);
    if (answered.length === 0) return { metrics };
    const counts = noCounts();
    for (const samples of answered) count(counts, samples);
    return { metrics, traffic: window.add(Date.now(), counts) };
  };
}

async function storeView(ctx: Context, store: Store, signal: AbortSignal): Promise<Partial<TopModel>> {
  const bound = { signal: AbortSignal.any([signal, AbortSignal.timeout(STORE_MS)]) };
  const [cache, users] = await Promise.all([
    store.cacheStats({}, bound),
    store.users(LIMIT_WINDOW_MS, MOST_USERS, bound),
  ]);
  const { kind, location } = store;
  return { store: { kind, location, cache, users, limit: limitOf(ctx.settings) } };
}

async function modelRows({ layout }: Context): Promise<TopModel['models']> {
  const memory = machineMemory();
  return (await listModels(layout.models)).map(
    ({ name, title, bytes, approxBytes, installed, isDefault, entry }) => ({
      name,
      title,
      installed,
      isDefault,
      ...(bytes === undefined ? {} : { bytes }),
      ...(approxBytes === undefined ? {} : { approxBytes }),
      fits: fitsMemory(
        { ...(entry ? memoryFacts(entry) : {}), ...(bytes === undefined ? {} : { weights: bytes }) },
        memory,
        Math.min(USUAL_CONTEXT, entry?.context ?? USUAL_CONTEXT),
      ),
    }),
  );
}

async function taken(ctx: Context): Promise<Partial<TopModel>> {
  // Without an engine the cards are still there.
  const found = await usage(ctx).catch(async () => ({
    units: [],
    gpus: (await probeGpu(toolsOf(ctx))).cards,
  }));
  return {
    taken: [
      ...found.units,
      ...found.gpus.map(({ index, name, totalBytes, freeBytes, busyPercent }) => ({
        name: `GPU ${index} ${name}`,
        memoryBytes: totalBytes - freeBytes,
        memoryLimitBytes: totalBytes,
        ...(busyPercent === undefined ? {} : { cpuPercent: busyPercent }),
      })),
    ],
  };
}
