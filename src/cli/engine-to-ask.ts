import { describePortOwner, isPortFree } from '../engines/port-owner.js';
import { DEFAULT_HOST, DEFAULT_PORT } from '../engines/started-with.js';
import type { EngineStatus } from '../engines/status.js';
import { BotllmError } from '../errors.js';
import { bringUp } from './bring-up.js';
import type { Context } from './context.js';
import { messages } from './messages.js';
import { observe } from './observe.js';

export interface EngineToAsk {
  engine: EngineStatus;
  /** Why there is none to ask. */
  missing?: BotllmError;
}

/** The engine to ask; started first when that was asked for. */
export async function engineToAsk(ctx: Context, mayStart: boolean): Promise<EngineToAsk> {
  const engine = await observe(ctx);
  const isUp = engine.state === 'ready' || engine.state === 'unhealthy';
  if (isUp || engine.engine === 'remote' || ctx.settings.enabled === false) return { engine };
  if (mayStart) {
    await bringUp(ctx, {});
    return { engine: await observe(ctx) };
  }
  if (engine.state !== 'stopped') return { engine };
  const port = ctx.settings.port ?? DEFAULT_PORT;
  const owner = (await isPortFree(DEFAULT_HOST, port))
    ? undefined
    : await describePortOwner(DEFAULT_HOST, port);
  const missing = new BotllmError('ENGINE_NOT_RUNNING', messages.noEngine, {
    detail: owner && messages.noEngineDetail(port, owner),
    hint: messages.noEngineHint,
  });
  return { engine, missing };
}
