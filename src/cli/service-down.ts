import { removeService } from '../engines/service/install.js';
import { liveState } from '../engines/state.js';
import { GRACE_MS } from '../engines/stop.js';
import type { Context } from './context.js';
import type { Outcome } from './output.js';
import { installedService, managerOf } from './service.js';
import { serviceWords } from './service-messages.js';

/** `down --service`: twice is once. @throws BotllmError where a unit of another home lies there */
export async function removeInstalled(ctx: Context, dry: boolean): Promise<Outcome> {
  const { layout, timeoutMs = GRACE_MS } = ctx;
  const manager = managerOf(ctx);
  if (dry) {
    const installed = await installedService(ctx);
    const text = () =>
      installed ? serviceWords.wouldRemove(installed.name, installed.file) : serviceWords.noneInstalled;
    return { schema: 'down', data: { stopped: false, removed: false }, text };
  }
  const removed = manager !== null && (await removeService(manager, layout, timeoutMs));
  return {
    schema: 'down',
    data: { stopped: removed, removed, ...(removed ? { service: manager.name } : {}) },
    text: () => (removed ? serviceWords.removed(manager.name) : serviceWords.noneInstalled),
  };
}

/**
 * Stops the service whose engine is to stop: one that was killed under it would come back at once.
 * @returns undefined where no service runs it, nor is about to
 */
export async function stopInstalled(ctx: Context, dry: boolean): Promise<Outcome | undefined> {
  const { layout, timeoutMs = GRACE_MS } = ctx;
  const manager = await installedService(ctx);
  if (manager === null) return undefined;
  const state = await liveState(layout);
  const isByHand = state !== null && state.service === undefined;
  const { state: unit } = await manager.look();
  if (isByHand || unit === 'stopped' || unit === 'failed') return undefined;
  const data = { service: manager.name, ...(state ? { pid: state.pid, model: state.model.name } : {}) };
  if (dry) {
    const text = () => serviceWords.wouldStop(manager.name);
    return { schema: 'down', data: { stopped: false, ...data }, text };
  }
  await manager.stop(timeoutMs);
  return { schema: 'down', data: { stopped: true, ...data }, text: () => serviceWords.stopped(manager.name) };
}
