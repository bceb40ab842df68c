import type { LlmClient } from '../client/client.js';
import type { Transport } from '../client/transport/contract.js';
import type { EngineStatus } from '../engines/status.js';
import type { BotllmError } from '../errors.js';
import type { Context } from './context.js';

/**
 * The client that a bot runtime would make with the same settings, and no other: what the CLI asks goes
 * through the library's own guards, cache and limits.
 * @param missing why there is no engine to ask: every call that needs one fails with it
 */
export async function clientFor(
  ctx: Context,
  engine: EngineStatus,
  missing?: BotllmError,
): Promise<LlmClient> {
  const [{ createLlmClient }, { openEventLog }] = await Promise.all([
    import('../client/client.js'),
    import('../observability/event-log.js'),
  ]);
  const events = openEventLog(ctx.layout.eventLog);
  const { apiKey: withheld } = ctx.configuration.withheld;
  if (withheld !== undefined) ctx.out.note(withheld);
  const { enabled = true, model = engine.model, ...settings } = ctx.settings;
  return createLlmClient({
    ...settings,
    enabled,
    ...(model === undefined ? {} : { model }),
    ...(engine.endpoint === undefined ? {} : { baseUrl: engine.endpoint }),
    ...(ctx.timeoutMs === undefined ? {} : { deadlineMs: ctx.timeoutMs }),
    onEvent: events.append,
    // Whoever else may listen on the default port is not asked in our engine's place.
    ...(missing ? { transport: refusing(missing) } : {}),
  });
}

function refusing(error: BotllmError): Transport {
  const refuse = () => Promise.reject(error);
  return { send: refuse, stream: refuse, close: () => Promise.resolve() };
}
