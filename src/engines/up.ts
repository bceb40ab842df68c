import { randomUUID } from 'node:crypto';
import { BotllmError } from '../errors.js';
import type { EnsuredModel } from '../models/ensure.js';
import type { HomeLayout } from '../settings/home.js';
import type { Env } from '../settings/read.js';
import { ensureBinding } from './embedded/install-binding.js';
import type { EngineJob, HealthReply } from './embedded/job.js';
import { type SpawnedEngine, spawnEngine, startFailure } from './embedded/start.js';
import { withEngineLock } from './lock.js';
import { messages } from './messages.js';
import { describePortOwner, isPortFree } from './port-owner.js';
import { isSameProcess } from './process-identity.js';
import {
  DEFAULT_HOST,
  DEFAULT_PORT,
  settingDifferences,
  settingsHash,
  startedWith,
  type UpRequest,
} from './started-with.js';
import { type EngineState, forgetState, liveState, writeState } from './state.js';
import { stopEngine } from './stop.js';
import { waitReady } from './wait-ready.js';
import { rememberWeights } from './weights.js';

/** What `up` tells while it works; also the NDJSON lines of `up --json`. */
export type UpEvent =
  | { type: 'phase'; phase: 'checks' | 'model' | 'start' | HealthReply['phase']; progress?: number }
  | { type: 'waiting' }
  | { type: 'binding'; folder: string };

export interface UpContext {
  layout: HomeLayout;
  env: Env;
  version: string;
  signal: AbortSignal;
  /** Longest wait from spawn to ready, milliseconds. */
  timeoutMs: number;
  onEvent: (event: UpEvent) => void;
  /** Finds or fetches the weights. */
  ensureModel: (ref: string | undefined) => Promise<EnsuredModel>;
}

export interface UpResult {
  state: EngineState;
  health: HealthReply;
  alreadyRunning: boolean;
  /** The model that was loaded; absent when the engine already ran. */
  model?: EnsuredModel;
  /** Its name stood for other weights before: cached answers under it are another model's. */
  weightsReplaced: boolean;
  /** Only with `foreground`: the process, which ends with this one. */
  process?: SpawnedEngine;
}

/**
 * Makes sure that this home's engine runs and can make a token; idempotent, and safe when two do it at once.
 * What this call started is stopped again when it fails or is interrupted.
 * @throws BotllmError `PORT_TAKEN`, `NOT_READY`, `ENGINE_FAILED`, `NOT_ENOUGH_MEMORY`, and what models throw
 */
export async function up(request: UpRequest, ctx: UpContext): Promise<UpResult> {
  const { layout, signal, timeoutMs, onEvent } = ctx;
  const lock = { signal, waitMs: timeoutMs, onWait: () => onEvent({ type: 'waiting' }) };
  return withEngineLock(layout, lock, async () => {
    onEvent({ type: 'phase', phase: 'checks' });
    const running = await liveState(layout);
    return running ? joinRunning(running, request, ctx) : startNew(request, ctx);
  });
}

async function joinRunning(running: EngineState, request: UpRequest, ctx: UpContext): Promise<UpResult> {
  const differences = await settingDifferences(running, request);
  if (differences.length > 0) {
    throw new BotllmError('PORT_TAKEN', messages.otherSettings, {
      detail: messages.otherSettingsDetail(differences),
      hint: messages.otherSettingsHint,
    });
  }
  const health = await waitReady({
    ...waiting(running, ctx),
    failed: async () => {
      if (await isSameProcess(running.pid, running.pidStartTime)) return null;
      await forgetState(ctx.layout, running.instanceId);
      return new BotllmError('ENGINE_FAILED', messages.engineDied(messages.whileLoading), {
        hint: messages.engineDiedHint,
      });
    },
  });
  return { state: running, health, alreadyRunning: true, weightsReplaced: false };
}

async function startNew(request: UpRequest, ctx: UpContext): Promise<UpResult> {
  const { layout, signal, onEvent } = ctx;
  await requireFreePort(DEFAULT_HOST, request.port ?? DEFAULT_PORT);
  onEvent({ type: 'phase', phase: 'model' });
  const model = await ctx.ensureModel(request.model);
  const onInstall = (folder: string) => onEvent({ type: 'binding', folder });
  const bindingRoot = await ensureBinding({ layout, signal, onInstall });
  const job = engineJob(request, model, bindingRoot, ctx);
  onEvent({ type: 'phase', phase: 'start' });
  const child = await spawnEngine(job, ctx.env);
  const state = newState(request, model, job, child, ctx.version);
  try {
    await writeState(layout, state);
    let exit: string | null = null;
    void child.exited.then((how) => {
      exit = how;
    });
    const failed = async () => (exit === null ? null : startFailure(job, exit));
    const health = await waitReady({ ...waiting(state, ctx), failed });
    const weightsReplaced = await rememberWeights(layout, model);
    const result = { state, health, alreadyRunning: false, model, weightsReplaced };
    return request.foreground ? { ...result, process: child } : result;
  } catch (error) {
    // It has answered nobody yet, so there is nothing to wait for.
    await stopEngine(layout, state, 2_000);
    throw error;
  }
}

function engineJob(
  request: UpRequest,
  model: EnsuredModel,
  bindingRoot: string | undefined,
  { layout, version }: UpContext,
): EngineJob {
  const { model: _name, ...limits } = startedWith(request, model.name);
  return {
    ...limits,
    instanceId: randomUUID(),
    botllmVersion: version,
    host: DEFAULT_HOST,
    port: request.port ?? DEFAULT_PORT,
    model: { name: model.name, path: model.path, thinking: model.thinking },
    failureFile: layout.engineFailure,
    ...(request.foreground ? {} : { logFile: layout.engineLog }),
    ...(bindingRoot === undefined ? {} : { bindingRoot }),
  };
}

function newState(
  request: UpRequest,
  model: EnsuredModel,
  job: EngineJob,
  child: SpawnedEngine,
  version: string,
): EngineState {
  const settings = startedWith(request, model.name);
  return {
    schema: 1,
    engine: 'embedded',
    pid: child.pid,
    pidStartTime: child.pidStartTime,
    instanceId: job.instanceId,
    host: job.host,
    port: job.port,
    endpoint: `http://${job.host}:${job.port}`,
    model: { name: model.name, path: model.path, standIn: model.standIn },
    startedWith: settings,
    settingsHash: settingsHash(settings, job.port, version),
    botllmVersion: version,
    startedAt: new Date().toISOString(),
    ...(job.logFile === undefined ? {} : { logFile: job.logFile }),
  };
}

function waiting(state: EngineState, { signal, timeoutMs, onEvent }: UpContext) {
  return {
    endpoint: state.endpoint,
    instanceId: state.instanceId,
    signal,
    timeoutMs,
    onPhase: (phase: HealthReply['phase'], progress: number | undefined) =>
      onEvent({ type: 'phase', phase, ...(progress === undefined ? {} : { progress }) }),
  };
}

async function requireFreePort(host: string, port: number): Promise<void> {
  if (await isPortFree(host, port)) return;
  throw new BotllmError('PORT_TAKEN', messages.portTaken(port), {
    detail: messages.portTakenBy(await describePortOwner(host, port)),
    hint: messages.portTakenHint(port),
  });
}
