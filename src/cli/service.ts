import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toolRunner } from '../engines/compose/run-tool.js';
import { leaveFailure, leftFailure } from '../engines/service/failure.js';
import { serviceManager, whose } from '../engines/service/find.js';
import type { ServiceLook, ServiceManager } from '../engines/service/manager.js';
import { SERVICE_VARIABLE } from '../engines/service/plan.js';
import type { Context } from './context.js';
import { asBotllmError } from './output.js';
import { serviceWords } from './service-messages.js';

/** What botllm is run by in a unit. */
export const ENTRY = fileURLToPath(new URL('../../bin/botllm.js', import.meta.url));

/** What could run the engine as a service here; null: nothing that botllm knows. */
export function managerOf(ctx: Pick<Context, 'childEnv' | 'env' | 'layout'>): ServiceManager | null {
  // Not ended by Ctrl-C: what was half installed is taken away again then.
  return serviceManager({ run: toolRunner(ctx.childEnv), env: ctx.env, layout: ctx.layout });
}

/** The manager, where a unit of this home is installed. Runs no program. */
export async function installedService(
  ctx: Pick<Context, 'childEnv' | 'env' | 'layout'>,
): Promise<ServiceManager | null> {
  const manager = managerOf(ctx);
  if (manager === null || !existsSync(manager.file)) return null;
  return (await whose(manager, ctx.layout)).owner === 'ours' ? manager : null;
}

/** What `status` tells of a service; absent where none is installed. */
export interface ServiceFacts extends ServiceLook {
  name: string;
  file: string;
  /** Why its last start failed. */
  failure?: { code: string; message: string; detail?: string };
}

export async function serviceFacts(ctx: Context): Promise<ServiceFacts | undefined> {
  const manager = await installedService(ctx);
  if (manager === null) return undefined;
  const look = await manager.look();
  const failure = look.state === 'failed' || look.state === 'waiting' ? leftFailure(ctx.layout) : null;
  const { name, file } = manager;
  return {
    ...{ name, file, ...look },
    ...(failure
      ? {
          failure: {
            code: failure.code,
            message: failure.message,
            ...(failure.detail === undefined ? {} : { detail: failure.detail }),
          },
        }
      : {}),
  };
}

/** `botllm.service: failed, starts again by itself, restarted 3 times (Port 11434 is taken)` */
export function serviceLine(facts: ServiceFacts): string {
  const { name, state, restarts = 0, failure } = facts;
  const look = serviceWords.look(name, serviceWords.state[state], restarts);
  return failure ? `${look} (${failure.message})` : look;
}

/**
 * What a service manager runs: it knows its name, and leaves why it failed for whoever waits for it. Anywhere else
 * `work` runs as it is.
 */
export async function runByService<T>(
  ctx: Context,
  work: (service: string | undefined) => Promise<T>,
): Promise<T> {
  const service = ctx.env[SERVICE_VARIABLE];
  try {
    return await work(service);
  } catch (thrown) {
    if (service !== undefined) await leaveFailure(ctx.layout, asBotllmError(thrown));
    throw thrown;
  }
}
