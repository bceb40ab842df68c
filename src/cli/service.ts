import { fileURLToPath } from 'node:url';
import { toolRunner } from '../engines/compose/run-tool.js';
import { factsOf, type ServiceFacts } from '../engines/service/facts.js';
import { leaveFailure } from '../engines/service/failure.js';
import { installed, serviceManager } from '../engines/service/find.js';
import type { ServiceManager } from '../engines/service/manager.js';
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
export const installedService = (ctx: Pick<Context, 'childEnv' | 'env' | 'layout'>) =>
  installed(managerOf(ctx), ctx.layout);

/** What `status` tells of it; undefined: none is installed. */
export const serviceFacts = (ctx: Context): Promise<ServiceFacts | undefined> =>
  factsOf(managerOf(ctx), ctx.layout);

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
