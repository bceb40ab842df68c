import { randomUUID } from 'node:crypto';
import { BotllmError } from '../errors.js';
import type { EnsuredModel } from '../models/ensure.js';
import type { HomeLayout } from '../settings/home.js';
import type { Env } from '../settings/read.js';
import { type ChoiceReason, chooseEngine } from './choose.js';
import type { EngineReport } from './health.js';
import type { Launched } from './launch.js';
import { withEngineLock } from './lock.js';
import { rotateLog } from './log-rotation.js';
import { messages } from './messages.js';
import { requireFreePort } from './port-owner.js';
import { probeEngine } from './probe.js';
import { isSameProcess } from './process-identity.js';
import type { SpawnedEngine } from './spawn.js';
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
  | { type: 'phase'; phase: 'checks' | 'model' | 'start' | EngineReport['phase']; progress?: number }
  | { type: 'waiting' }
  | { type: 'binding'; folder: string };

export interface UpContext {
  layout: HomeLayout;
  env: Env;
  /** LLAMA_SERVER_BIN, where it was given. */
  serverBin?: string | undefined;
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
  health: EngineReport;
  alreadyRunning: boolean;
  /** Why this engine was taken; absent when it already ran. */
  choice?: { reason: ChoiceReason; binary?: string };
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
  if (running.logFile) rotateLog(running.logFile);
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
  const { layout, env, serverBin, signal, version, onEvent } = ctx;
  const [host, port] = [DEFAULT_HOST, request.port ?? DEFAULT_PORT];
  await requireFreePort(host, port);
  const choice = await chooseEngine(request, { env, serverBin, signal });
  onEvent({ type: 'phase', phase: 'model' });
  const model = await ctx.ensureModel(request.model);
  const instanceId = randomUUID();
  const launched = await choice.launch({
    ...{ request, model, instanceId, host, port, layout, env, version, signal },
    onBinding: (folder) => onEvent({ type: 'binding', folder }),
    onStart: () => onEvent({ type: 'phase', phase: 'start' }),
  });
  const state = newState({ request, model, instanceId, host, port, launched, version });
  try {
    await writeState(layout, state);
    const health = await firstToken(state, launched, ctx);
    const weightsReplaced = await rememberWeights(layout, model);
    const { reason, binary } = choice;
    return {
      ...{ state, health, alreadyRunning: false, model, weightsReplaced },
      choice: { reason, ...(binary === undefined ? {} : { binary }) },
      ...(request.foreground ? { process: launched.process } : {}),
    };
  } catch (error) {
    // It has answered nobody yet, so there is nothing to wait for.
    await stopEngine(layout, state, 2_000);
    throw error;
  }
}

async function firstToken(state: EngineState, launched: Launched, ctx: UpContext): Promise<EngineReport> {
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

interface Started {
  request: UpRequest;
  model: EnsuredModel;
  instanceId: string;
  host: string;
  port: number;
  launched: Launched;
  version: string;
}

function newState({ request, model, instanceId, host, port, launched, version }: Started): EngineState {
  const { engine, process, logFile, device } = launched;
  const settings = startedWith(request, engine, model.name);
  return {
    schema: 1,
    engine,
    pid: process.pid,
    pidStartTime: process.pidStartTime,
    instanceId,
    host,
    port,
    endpoint: `http://${host}:${port}`,
    model: { name: model.name, path: model.path, standIn: model.standIn },
    startedWith: settings,
    settingsHash: settingsHash(settings, port, version),
    botllmVersion: version,
    startedAt: new Date().toISOString(),
    ...(logFile === undefined ? {} : { logFile }),
    ...(device === undefined ? {} : { device }),
  };
}

function waiting(state: EngineState, { signal, timeoutMs, onEvent }: UpContext) {
  return {
    look: () => probeEngine(state, signal),
    signal,
    timeoutMs,
    onPhase: (phase: EngineReport['phase'], progress: number | undefined) =>
      onEvent({ type: 'phase', phase, ...(progress === undefined ? {} : { progress }) }),
  };
}
