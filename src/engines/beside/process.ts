import { setTimeout as sleep } from 'node:timers/promises';
import { BotllmError } from '../../errors.js';
import type { EnsuredModel } from '../../models/ensure.js';
import { withEngineLock } from '../lock.js';
import { messages } from '../messages.js';
import { probeEngine } from '../probe.js';
import { firstToken, movedTo, startProcess } from '../start-process.js';
import { DEFAULT_HOST, type UpRequest } from '../started-with.js';
import { type EngineState, liveState, writeState } from '../state.js';
import { GRACE_MS, stopEngine } from '../stop.js';
import type { UpContext } from '../up.js';
import { freePort } from './free-port.js';
import { forgetBeside, writeBeside } from './record.js';

/** An engine that can make a token and that nobody is sent to yet. */
export interface BesideEngine {
  state: EngineState;
  model: EnsuredModel;
  /** Whether it can move to the port of the one that serves; else it only proved that it comes up. */
  moves: boolean;
  /** Ends it. */
  end: () => Promise<void>;
}

/**
 * Starts an engine on a port of its own beside the one that serves, until it can make a token. What fails leaves
 * the other one as it was.
 * @throws BotllmError why it did not come up
 */
export async function startBeside(
  request: UpRequest,
  serving: EngineState,
  ctx: UpContext,
): Promise<BesideEngine> {
  const { layout } = ctx;
  const place = { host: DEFAULT_HOST, port: await freePort(DEFAULT_HOST), laterPort: serving.port };
  const started = await startProcess(request, place, ctx);
  const { state, model } = started;
  const { pid, pidStartTime } = state;
  const end = async () => {
    // Also after Ctrl-C. It has answered nobody, so there is nothing to wait for.
    await stopEngine(layout, state, 2_000);
    await forgetBeside(layout);
  };
  try {
    await writeBeside(layout, { engine: { pid, pidStartTime } });
    await firstToken(started, ctx);
  } catch (error) {
    await end();
    throw error;
  }
  return { state, model, moves: [serving, state].every((one) => canMove(one, ctx.version)), end };
}

/** An engine of another version may not know the signal, and would end of it; Windows has none. */
function canMove({ engine, botllmVersion }: EngineState, version: string): boolean {
  return engine === 'embedded' && botllmVersion === version && process.platform !== 'win32';
}

/** How long an exchange of ports may take, milliseconds: an event loop on a busy machine. */
const MOVE_MS = 15_000;
const LOOK_EVERY_MS = 5;

export interface TakenOver {
  state: EngineState;
  /** Between the last connection that the one took and the first that the other takes, milliseconds. */
  downtimeMs: number;
  /** The old process does not even end by SIGKILL. */
  left?: number;
}

/**
 * The engine beside takes the port of the one that serves, which finishes what it has and ends. Where the port
 * cannot be had, the one that serves takes it back.
 * @throws BotllmError `ENGINE_NOT_RUNNING` when another command ended it meanwhile; `ENGINE_FAILED`
 */
export async function takeOver(
  beside: BesideEngine,
  serving: EngineState,
  { layout, signal, timeoutMs }: Pick<UpContext, 'layout' | 'signal' | 'timeoutMs'>,
): Promise<TakenOver> {
  return withEngineLock(layout, { signal, waitMs: timeoutMs }, async () => {
    const current = await liveState(layout);
    if (current?.instanceId !== serving.instanceId) {
      throw new BotllmError('ENGINE_NOT_RUNNING', messages.changedMeanwhile, { hint: 'botllm status' });
    }
    const state = movedTo(beside.state, serving.port);
    // First, so that it stands ready when the port becomes free.
    process.kill(beside.state.pid, 'SIGUSR2');
    const stoppedAt = performance.now();
    process.kill(serving.pid, 'SIGUSR2');
    if (!(await answers(state))) {
      await beside.end();
      process.kill(serving.pid, 'SIGUSR2');
      await answers(serving);
      throw new BotllmError('ENGINE_FAILED', messages.portNotTaken(serving.port), { hint: 'botllm logs' });
    }
    const downtimeMs = performance.now() - stoppedAt;
    await writeState(layout, state);
    await forgetBeside(layout);
    // The new one serves: whatever becomes of the old one is no failure of the exchange.
    const left = await stopEngine(layout, serving, GRACE_MS).then(
      () => false,
      () => true,
    );
    return { state, downtimeMs, ...(left ? { left: serving.pid } : {}) };
  });
}

async function answers(state: EngineState): Promise<boolean> {
  const giveUpAt = performance.now() + MOVE_MS;
  while ((await probeEngine(state)).state !== 'ready') {
    if (performance.now() > giveUpAt) return false;
    await sleep(LOOK_EVERY_MS);
  }
  return true;
}
