import { randomUUID } from 'node:crypto';
import type { EnsuredModel } from '../models/ensure.js';
import { type ChoiceReason, chooseEngine } from './choose.js';
import type { EngineReport } from './health.js';
import type { Launched } from './launch.js';
import { probeEngine } from './probe.js';
import { settingsHash, startedWith, type UpRequest } from './started-with.js';
import type { EngineState } from './state.js';
import type { UpContext } from './up.js';
import { waitReady } from './wait-ready.js';

/** The address that an engine is started on, and the port that it will serve on in the end. */
export interface Place {
  host: string;
  port: number;
  laterPort?: number | undefined;
}

/** A process that was started, with the record of it; it is not ready and nothing is written yet. */
export interface StartedProcess {
  state: EngineState;
  launched: Launched;
  model: EnsuredModel;
  choice: { reason: ChoiceReason; binary?: string };
}

/** Chooses the engine, finds or fetches its weights, and spawns it. @throws BotllmError what each of these throws */
export async function startProcess(
  request: UpRequest,
  place: Place,
  ctx: UpContext,
): Promise<StartedProcess> {
  const { layout, env, serverBin, signal, version, onEvent } = ctx;
  const { reason, binary, launch } = await chooseEngine(request, { env, serverBin, signal });
  onEvent({ type: 'phase', phase: 'model' });
  const model = await ctx.ensureModel(request.model);
  const instanceId = randomUUID();
  const launched = await launch({
    ...{ ...place, request, model, instanceId, layout, env, version, signal },
    onBinding: (folder) => onEvent({ type: 'binding', folder }),
    onStart: () => onEvent({ type: 'phase', phase: 'start' }),
  });
  const { engine, process, logFile, device } = launched;
  const settings = startedWith(request, engine, model.name);
  const state: EngineState = {
    schema: 1,
    engine,
    pid: process.pid,
    pidStartTime: process.pidStartTime,
    instanceId,
    host: place.host,
    port: place.port,
    endpoint: endpointOf(place),
    model: { name: model.name, path: model.path, standIn: model.standIn },
    startedWith: settings,
    settingsHash: settingsHash(settings, place.port, version),
    botllmVersion: version,
    startedAt: new Date().toISOString(),
    ...(logFile === undefined ? {} : { logFile }),
    ...(device === undefined ? {} : { device }),
    ...(request.service === undefined ? {} : { service: request.service }),
  };
  return { state, launched, model, choice: { reason, ...(binary === undefined ? {} : { binary }) } };
}

/** The record of an engine that has moved to another port of this machine. */
export function movedTo(state: EngineState, port: number): EngineState {
  const { host, startedWith, botllmVersion } = state;
  return {
    ...state,
    port,
    endpoint: endpointOf({ host, port }),
    settingsHash: settingsHash(startedWith, port, botllmVersion),
  };
}

/** Waits until it can make a token. @throws BotllmError why it ended, or `NOT_READY` */
export async function firstToken({ state, launched }: StartedProcess, ctx: UpContext): Promise<EngineReport> {
  let exit: string | null = null;
  void launched.process.exited.then((how) => {
    exit = how;
  });
  const failed = async () => (exit === null ? null : launched.failure(exit));
  const health = await waitReady({ ...waiting(state, ctx), failed });
  if (launched.prove) {
    ctx.onEvent({ type: 'phase', phase: 'probe' });
    await launched.prove(ctx.signal);
  }
  return health;
}

export function waiting(state: EngineState, { signal, timeoutMs, onEvent }: UpContext) {
  return {
    look: () => probeEngine(state, signal),
    signal,
    timeoutMs,
    onPhase: (phase: EngineReport['phase'], progress: number | undefined) =>
      onEvent({ type: 'phase', phase, ...(progress === undefined ? {} : { progress }) }),
  };
}

const endpointOf = ({ host, port }: Pick<Place, 'host' | 'port'>): string => `http://${host}:${port}`;
