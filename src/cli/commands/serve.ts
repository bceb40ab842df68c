import { setFlagsFromString } from 'node:v8';
import { messages as engineMessages } from '../../engines/messages.js';
import { describePortOwner } from '../../engines/port-owner.js';
import { DEFAULT_HOST, DEFAULT_PORT } from '../../engines/started-with.js';
import { BotllmError, isBotllmError } from '../../errors.js';
import type { Gateway } from '../../gateway/gateway.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { eventLines } from '../event-lines.js';
import { gatewayKeys } from '../gateway-keys.js';
import { messages } from '../messages.js';
import { noteOtherModel, observe } from '../observe.js';
import { parse } from '../parse.js';
import { serveMessages } from '../serve-messages.js';

const DRAIN_MS = 4000;

export const serve: CommandSpec = {
  path: 'serve',
  summary: 'an OpenAI-compatible gateway with the same cache, limits and fallbacks, for bots in any language',
  options: [
    { flags: '--port <n>', description: 'port (11435); 0: any that is free', parse: parse.anyPort },
    {
      flags: '--host <address>',
      description: 'address to listen on (127.0.0.1); any other than loopback needs BOTLLM_API_KEYS',
      parse: parse.name,
    },
    {
      flags: '--drain <time>',
      description: 'how long requests in flight may go on after SIGTERM (4s)',
      parse: parse.duration,
    },
  ],
  examples: [
    'botllm serve',
    'botllm serve --redis redis://127.0.0.1:6379 --base-url http://gpu-box:8000',
    'botllm serve --host 0.0.0.0 --quiet',
  ],
  forOthers: () => true,
  handler: async (ctx, { options }) => {
    const { port, host, drain = DRAIN_MS } = options as { port?: number; host?: string; drain?: number };
    const { out, settings, stdout, stderr } = ctx;
    // Garbage of a busy hour would stay resident: V8 lets a heap double before it looks through it.
    setFlagsFromString('--heap-growing-percent=20');
    const keys = await gatewayKeys(settings);
    const engine = await observe(ctx);
    noteOtherModel(ctx, engine);
    const endpoint = engine.endpoint ?? `http://${DEFAULT_HOST}:${settings.port ?? DEFAULT_PORT}`;
    const events = eventLines(stdout);
    const llm = await clientAt(ctx, endpoint, out.quiet ? undefined : events.sink);
    const { createGateway, DEFAULT_GATEWAY_PORT } = await import('../../gateway/gateway.js');
    const gateway = createGateway({
      llm,
      keys,
      onUnexpected: (error, requestId) => stderr.write(`${requestId}: ${traceOf(error)}\n`),
    });
    const address = {
      host: host ?? DEFAULT_HOST,
      port: port ?? settings.gatewayPort ?? DEFAULT_GATEWAY_PORT,
    };
    const { url } = await gateway.listen(address).catch((error) => namingHolder(error, address));
    void llm.warmup();
    out.note(`${out.style.paint('green', out.style.mark.ok)} ${serveMessages.listening(url)}`);
    out.note(`  ${serveMessages.asks(endpoint, messages.condition[engine.state])}`);
    if (engine.state === 'stopped') out.note(`  ${serveMessages.noEngine}`);
    if (keys.length > 0) out.note(`  ${serveMessages.keys(keys.length)}`);
    out.note(`  ${serveMessages.stopHow}`);
    const data = { url, engine: endpoint, engineState: engine.state, keys: keys.length };
    const after = async () => {
      await untilStopped(ctx, gateway, drain);
      await llm.close({ drainMs: 0 });
      events.flush();
      out.note(serveMessages.stopped);
      return true;
    };
    return { schema: 'serve', data, after };
  },
};

/**
 * The client that a runtime would make with the same settings. The model's name is the configured one, else what the
 * engine serves at the time: a gateway outlives a `switch`.
 */
async function clientAt(
  ctx: Context,
  baseUrl: string,
  onEvent: ReturnType<typeof eventLines>['sink'] | undefined,
) {
  const { createLlmClient } = await import('../../client/client.js');
  const { apiKey: withheld } = ctx.configuration.withheld;
  if (withheld !== undefined) ctx.out.note(withheld);
  const { enabled = true, ...settings } = ctx.settings;
  return createLlmClient({
    ...settings,
    enabled,
    baseUrl,
    ...(ctx.timeoutMs === undefined ? {} : { deadlineMs: ctx.timeoutMs }),
    onEvent,
  });
}

/** The gateway knows that its port is taken; who has it, this machine may tell. */
async function namingHolder(error: unknown, { host, port }: { host: string; port: number }): Promise<never> {
  if (!isBotllmError(error, 'PORT_TAKEN')) throw error;
  const { message, hint } = error;
  const detail = engineMessages.portTakenBy(await describePortOwner(host, port));
  throw new BotllmError('PORT_TAKEN', message, { detail, hint, cause: error });
}

async function untilStopped({ out, signal }: Context, gateway: Gateway, drainMs: number): Promise<void> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  out.note(serveMessages.draining(drainMs));
  await gateway.close({ drainMs });
}

function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
