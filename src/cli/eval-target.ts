import { BotllmError } from '../errors.js';
import type { EvalTarget } from '../eval/run.js';
import type { Context } from './context.js';
import { messages } from './messages.js';
import { observe } from './observe.js';

/** The engine that runs, or the one that `--base-url` names. */
export async function runningTarget(ctx: Context): Promise<EvalTarget> {
  const engine = await observe(ctx);
  const { model = engine.model, apiKey } = ctx.settings;
  if (engine.endpoint === undefined || (engine.state === 'stopped' && engine.engine !== 'remote')) {
    throw new BotllmError('ENGINE_NOT_RUNNING', messages.noEngine, { hint: messages.noEngineHint });
  }
  const { apiKey: withheld } = ctx.configuration.withheld;
  if (withheld !== undefined) ctx.out.note(withheld);
  return { id: model ?? engine.endpoint, baseUrl: engine.endpoint, model, apiKey };
}
