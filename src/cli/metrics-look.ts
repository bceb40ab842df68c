import { BotllmError, isBotllmError } from '../errors.js';
import { type ClientFigures, clientFigures } from '../observability/client-figures.js';
import { Samples } from '../observability/samples.js';
import type { Context } from './context.js';
import { gatewayMetricsUrl } from './gateway-place.js';
import { metricsMessages } from './metrics-messages.js';
import { observe } from './observe.js';
import { type Scraped, type ScrapeOptions, scrape } from './scrape.js';

const TIMEOUT_MS = 5_000;

/** One look at several processes. */
export interface MetricsLook {
  targets: readonly (Scraped | { url: string; error: BotllmError })[];
  /** Sums of all guarded clients, where there are several processes of them. */
  together?: ClientFigures;
}

/**
 * Asks the processes that were named, else the gateway and the engine of this machine.
 * @throws BotllmError `ENGINE_NOT_RUNNING` where none was named and none runs
 */
export async function lookAtMetrics(
  ctx: Context,
  named: readonly string[] | undefined,
): Promise<MetricsLook> {
  const options = { signal: ctx.signal, timeoutMs: ctx.timeoutMs ?? TIMEOUT_MS };
  const asked = named?.map((url) => ask(url, options)) ?? [
    ask(gatewayMetricsUrl(ctx.settings), options),
    askEngine(ctx, options),
  ];
  const answers = (await Promise.all(asked)).filter((answer) => answer !== null);
  // One that was not named need not run.
  const wanted = named ? answers : answers.filter((answer) => !('error' in answer));
  if (wanted.length === 0) {
    throw new BotllmError('ENGINE_NOT_RUNNING', metricsMessages.nothing, {
      hint: metricsMessages.nothingHint,
    });
  }
  const counting = wanted.flatMap((answer) =>
    'samples' in answer && answer.scraped.clients ? [answer] : [],
  );
  const together =
    counting.length > 1 ? clientFigures(new Samples(counting.flatMap(({ samples }) => samples))) : undefined;
  return {
    targets: wanted.map((answer) => ('samples' in answer ? answer.scraped : answer)),
    ...(together && { together }),
  };
}

async function ask(url: string, options: ScrapeOptions) {
  try {
    return await scrape(url, options);
  } catch (error) {
    if (!isBotllmError(error)) throw error;
    return { url, error };
  }
}

async function askEngine(ctx: Context, options: ScrapeOptions) {
  const { endpoint } = await observe(ctx);
  if (endpoint === undefined) return null;
  // The key is the engine's own, and goes to no other address.
  return ask(`${endpoint}/metrics`, { ...options, apiKey: ctx.settings.apiKey });
}
