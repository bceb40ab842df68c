import { BotllmError } from '../errors.js';
import type { EnsuredModel } from '../models/ensure.js';
import type { HomeLayout } from '../settings/home.js';
import type { Env } from '../settings/read.js';
import { sweepBeside } from './beside/record.js';
import type { ChoiceReason } from './choose.js';
import type { EngineReport } from './health.js';
import { withEngineLock } from './lock.js';
import { rotateLog } from './log-rotation.js';
import { messages } from './messages.js';
import { requireFreePort } from './port-owner.js';
import { isSameProcess } from './process-identity.js';
import type { SpawnedEngine } from './spawn.js';
import { firstToken, startProcess, waiting } from './start-process.js';
import {
  DEFAULT_HOST,
  DEFAULT_PORT,
  otherSettings,
  settingDifferences,
  type UpRequest,
} from './started-with.js';
import { type EngineState, forgetState, liveState, writeState } from './state.js';
import { GRACE_MS, stopEngine } from './stop.js';
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
 * What this call started is stopped again when it fails or is interrupted. A service takes over from an engine that runs.
 * @throws BotllmError `PORT_TAKEN`, `NOT_READY`, `ENGINE_FAILED`, `NOT_ENOUGH_MEMORY`, and what models throw
 */
export async function up(request: UpRequest, ctx: UpContext): Promise<UpResult> {
  const { layout, signal, timeoutMs, onEvent } = ctx;
  const lock = { signal, waitMs: timeoutMs, onWait: () => onEvent({ type: 'waiting' }) };
  return withEngineLock(layout, lock, async () => {
    onEvent({ type: 'phase', phase: 'checks' });
    await sweepBeside(layout);
    let running = await liveState(layout);
    if (running && request.service !== undefined) {
      // Started by hand, or left by a run of this service that was killed: nobody would start it again.
      await stopEngine(layout, running, GRACE_MS);
      running = null;
    }
    return running ? joinRunning(running, request, ctx) : startNew(request, ctx);
  });
}

async function joinRunning(running: EngineState, request: UpRequest, ctx: UpContext): Promise<UpResult> {
  if (running.logFile) rotateLog(running.logFile);
  const differences = await settingDifferences(running, request);
  if (differences.length > 0) throw otherSettings(differences);
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
  const { layout } = ctx;
  const place = { host: DEFAULT_HOST, port: request.port ?? DEFAULT_PORT };
  await requireFreePort(place.host, place.port);
  const started = await startProcess(request, place, ctx);
  const { state, model, choice, launched } = started;
  try {
    await writeState(layout, state);
    const health = await firstToken(started, ctx);
    const weightsReplaced = await rememberWeights(layout, model);
    return {
      ...{ state, health, alreadyRunning: false, model, weightsReplaced, choice },
      ...(request.foreground ? { process: launched.process } : {}),
    };
  } catch (error) {
    // It has answered nobody yet, so there is nothing to wait for.
    await stopEngine(layout, state, 2_000);
    throw error;
  }
}
