import type { HomeLayout } from '../settings/home.js';
import { readChoice } from './compose/choice.js';
import type { RunTool } from './compose/run-tool.js';
import { type Health, probeHealth } from './health.js';
import { present } from './present.js';
import { probeEngine } from './probe.js';
import { type EngineKind, type EngineState, liveState } from './state.js';

/** `unhealthy`: it is there but does not answer as it should (frozen, or its port was taken over). */
export type EngineCondition = 'ready' | 'loading' | 'stopping' | 'unhealthy' | 'stopped';

/** What `status` and `health` know; a field that was not learnt is absent. */
export interface EngineStatus {
  engine: EngineKind | 'compose' | 'remote' | null;
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
  /** Why Docker does not say more of the container. */
  reason?: string;
  /** Of a container: what Docker says of it. */
  container?: ContainerFacts;
}

/** A container as an operator asks for it; sizes are bytes. */
export interface ContainerFacts {
  name: string;
  image: string;
  family: string;
  status: string;
  health?: string | undefined;
  restarts: number;
  memoryBytes?: number | undefined;
  memoryLimitBytes?: number | undefined;
  /** As it was asked for. */
  quantize?: string | undefined;
  /** How the weights are stored, as their own header says. */
  weights?: string | undefined;
  gpus: readonly string[];
  offload?: { onGpu: number; total: number; unit: 'layers' | 'bytes' } | undefined;
  /** Why it does not run. */
  reason?: string | undefined;
  redis?: string | undefined;
}

export interface StatusOptions {
  /** Docker, for a container that `up` chose; without it none is looked at. */
  run?: RunTool | undefined;
  /** LLM_API_KEY, for an engine that wants one. */
  apiKey?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Also what takes Docker seconds to say: the container's memory. */
  detail?: boolean;
  /** Look at this engine, which somebody else runs, instead of this home's. */
  remoteUrl?: string | undefined;
}

/** One look at an engine. Costs it no token. */
export async function engineStatus(layout: HomeLayout, options: StatusOptions = {}): Promise<EngineStatus> {
  const state = await liveState(layout);
  const { remoteUrl, signal } = options;
  const chosen = state ? null : await readChoice(layout);
  if (remoteUrl !== undefined && serverRoot(remoteUrl) !== (state ?? chosen)?.endpoint) {
    return remoteStatus(serverRoot(remoteUrl), signal);
  }
  if (chosen && options.run) {
    // Half of this room, which a command without containers must not wait for.
    const { composeStatus } = await import('./compose/engine-status.js');
    return composeStatus(chosen, options.run, options);
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
  // This machine's engine has one name.
  if (url.hostname === 'localhost') url.hostname = '127.0.0.1';
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
