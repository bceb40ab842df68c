import type { HomeLayout } from '../settings/home.js';
import { type Health, probeHealth } from './health.js';
import { probeEngine } from './probe.js';
import { type EngineKind, type EngineState, liveState } from './state.js';

/** `unhealthy`: it is there but does not answer as it should (frozen, or its port was taken over). */
export type EngineCondition = 'ready' | 'loading' | 'stopping' | 'unhealthy' | 'stopped';

/** What `status` and `health` know; a field that was not learnt is absent. */
export interface EngineStatus {
  engine: EngineKind | 'remote' | null;
  state: EngineCondition;
  endpoint?: string;
  pid?: number;
  model?: string;
  standIn?: boolean;
  device?: string;
  startedAt?: string;
  context?: number;
  slots?: number;
  /** Requests that are being answered, and those that wait for a slot. */
  busy?: number;
  queued?: number;
  phase?: string;
  progress?: number;
  version?: string;
  logFile?: string;
}

export interface StatusOptions {
  signal?: AbortSignal | undefined;
  /** Look at this engine, which somebody else runs, instead of this home's. */
  remoteUrl?: string | undefined;
}

/** One look at an engine. Costs it no token. */
export async function engineStatus(layout: HomeLayout, options: StatusOptions = {}): Promise<EngineStatus> {
  const state = await liveState(layout);
  const { remoteUrl, signal } = options;
  if (remoteUrl !== undefined && serverRoot(remoteUrl) !== state?.endpoint) {
    return remoteStatus(serverRoot(remoteUrl), signal);
  }
  if (!state) return { engine: null, state: 'stopped' };
  const health = await probeEngine(state, signal);
  const known = fromState(state);
  if ('reply' in health) return { ...known, state: health.state, ...fromReply(health) };
  // Refused in the first moments only means that it has not opened its port yet.
  const young = Date.now() - Date.parse(state.startedAt) < 10_000;
  return { ...known, state: health.state === 'refused' && young ? 'loading' : 'unhealthy' };
}

async function remoteStatus(endpoint: string, signal: AbortSignal | undefined): Promise<EngineStatus> {
  const health = await probeHealth(endpoint, { signal });
  const known = { engine: 'remote', endpoint } as const;
  if ('reply' in health)
    return { ...known, model: health.reply.model, state: health.state, ...fromReply(health) };
  if (health.state === 'foreign') {
    // Every engine family answers 503 while it loads; Ollama has no /health and answers 404.
    const state = health.status === 503 ? 'loading' : health.status < 500 ? 'ready' : 'unhealthy';
    return { ...known, state };
  }
  return { ...known, state: health.state === 'silent' ? 'unhealthy' : 'stopped' };
}

/** `http://host:port` of a base URL with or without `/v1`. */
export function serverRoot(baseUrl: string): string {
  const url = new URL(baseUrl);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/v1$/, '');
}

function fromState(state: EngineState) {
  const { engine, endpoint, pid, startedAt, botllmVersion: version, logFile } = state;
  const { name: model, standIn } = state.model;
  return { engine, endpoint, pid, model, standIn, startedAt, version, ...present({ logFile }) };
}

function fromReply({ reply }: Extract<Health, { reply: unknown }>) {
  const { device, context, slots, busy, queued, phase, progress } = reply;
  return present({ device, context, slots, busy, queued, phase, progress });
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
