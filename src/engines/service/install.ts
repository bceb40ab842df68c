import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { BotllmError } from '../../errors.js';
import type { HomeLayout } from '../../settings/home.js';
import { probeEngine } from '../probe.js';
import { type EngineState, runningState } from '../state.js';
import type { UpContext } from '../up.js';
import { waitReady } from '../wait-ready.js';
import { forgetFailure, leftFailure } from './failure.js';
import { whose } from './find.js';
import type { ServiceLook, ServiceManager } from './manager.js';
import { serviceMessages } from './messages.js';
import type { ServicePlan } from './plan.js';

export interface Installed {
  state: EngineState;
  /** The very same unit was there, and its engine was ready. */
  unchanged: boolean;
}

/**
 * Writes the unit, starts it and waits until its engine can make a token. Where that fails or is interrupted, what
 * was there before is there again: no unit, or the former one, started.
 * @throws BotllmError `PORT_TAKEN`-like refusals as the service's own, `MISSING_PREREQUISITE`, `NOT_READY`
 */
export async function installService(
  manager: ServiceManager,
  plan: ServicePlan,
  ctx: UpContext,
): Promise<Installed> {
  const { layout } = ctx;
  await manager.require();
  const { owner, text: former } = await whose(manager, layout);
  if (owner === 'other') throw notOurs(manager, former);
  const text = await manager.text(plan);
  const before = await runningState(layout);
  if (text === former && before?.service !== undefined && (await manager.look()).state === 'running') {
    return { state: await waitForService(manager, undefined, ctx), unchanged: true };
  }
  await write(manager.file, text);
  try {
    return { state: await startService(manager, ctx), unchanged: false };
  } catch (error) {
    await putBack(manager, former).catch(() => undefined);
    throw error;
  }
}

/** Starts the unit as it is, or anew, and waits until its engine can make a token. @throws what the service said */
export async function startService(manager: ServiceManager, ctx: UpContext): Promise<EngineState> {
  const before = await runningState(ctx.layout);
  forgetFailure(ctx.layout);
  ctx.onEvent({ type: 'phase', phase: 'start' });
  await manager.start();
  return waitForService(manager, before?.instanceId, ctx);
}

/** Stops it, forgets it and removes its file. @returns whether there was one */
export async function removeService(
  manager: ServiceManager,
  layout: HomeLayout,
  waitMs: number,
): Promise<boolean> {
  const { owner, text } = await whose(manager, layout);
  if (owner === 'none') return false;
  if (owner === 'other') throw notOurs(manager, text);
  await manager.require();
  await manager.stop(waitMs);
  await manager.disable();
  await rm(manager.file, { force: true });
  await manager.reload();
  forgetFailure(layout);
  return true;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(file, text, { mode: 0o644 });
}

async function putBack(manager: ServiceManager, former: string): Promise<void> {
  if (former !== '') {
    await write(manager.file, former);
    await manager.start();
    return;
  }
  await manager.stop(2_000);
  await manager.disable();
  await rm(manager.file, { force: true });
  await manager.reload();
}

/**
 * Waits until the service's engine can make a token.
 * @param before the engine that answered before this start, which is not the one that is waited for
 * @throws BotllmError what the service said when it failed, `NOT_READY`
 */
export async function waitForService(
  manager: ServiceManager,
  before: string | undefined,
  ctx: UpContext,
): Promise<EngineState> {
  const { layout, signal, timeoutMs, onEvent } = ctx;
  let state: EngineState | null = null;
  await waitReady({
    ...{ signal, timeoutMs },
    look: async () => {
      state = await runningState(layout);
      if (state?.service === undefined || state.instanceId === before) return { state: 'refused' };
      return probeEngine(state, signal);
    },
    onPhase: (phase, progress) =>
      onEvent({ type: 'phase', phase, ...(progress === undefined ? {} : { progress }) }),
    failed: async () => {
      const { state: now, exitCode }: ServiceLook = await manager.look();
      if (now !== 'failed' && now !== 'waiting' && now !== 'stopped') return null;
      const hint = serviceMessages.endedHint;
      return (
        leftFailure(layout) ?? new BotllmError('ENGINE_FAILED', serviceMessages.ended(exitCode), { hint })
      );
    },
  });
  if (state === null) throw new Error('ready without a state');
  return state;
}

function notOurs({ file }: ServiceManager, text: string): BotllmError {
  return new BotllmError('BAD_CONFIG', serviceMessages.notOurs(file), {
    detail: text
      .split('\n')
      .find((line) => line.includes('Written by botllm'))
      ?.trim(),
    hint: serviceMessages.notOursHint,
  });
}
