import type { Store } from '../../stores/contract.js';
import type { Collector } from '../../tui/collector.js';
import type { TopModel } from '../../tui/model.js';
import type { CacheChoice } from '../../tui/screens/cache.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { gatewayMetricsUrl } from '../gateway-place.js';
import type { Outcome } from '../output.js';
import { parse } from '../parse.js';
import { logOf } from '../rate-limit.js';
import { withStore } from '../store.js';

const INTERVAL_MS = 1_000;

interface Given {
  interval?: number;
  once?: true;
  readOnly?: true;
  metricsUrl?: string[];
}

export const top: CommandSpec = {
  path: 'top',
  summary: 'watch it: traffic, requests, logs, cache and limits, models, bench; ? shows the keys',
  options: [
    { flags: '--once', description: 'print it all once; so it does without a terminal' },
    { flags: '--interval <time>', description: 'how often it looks (1s)', parse: parse.duration },
    { flags: '--read-only', description: 'no key changes anything' },
    {
      flags: '--metrics-url <urls>',
      description: 'counters of runtimes and gateways, commas between them (http://127.0.0.1:11435/metrics)',
      parse: (text) => parse.list(text).map(parse.url),
    },
  ],
  examples: ['botllm top', 'botllm top --read-only --interval 5s', 'botllm top --once --json'],
  handler: async (ctx, { options }) => {
    const {
      interval = INTERVAL_MS,
      once,
      readOnly = false,
      metricsUrl = [gatewayMetricsUrl(ctx.settings)],
    } = options as Given;
    return withStore(ctx, async (store) => {
      const [{ Collector }, { topSources }] = await Promise.all([
        import('../../tui/collector.js'),
        import('../top-sources.js'),
      ]);
      const collector = new Collector(topSources(ctx, store, metricsUrl), ctx.version, ctx.signal);
      const isWatched = once !== true && !ctx.out.json && ctx.stdout.isTTY === true;
      if (!isWatched || ctx.stdin().isTTY !== true) return printOnce(collector);
      await watch(ctx, store, collector, { interval, readOnly });
      return undefined;
    });
  },
};

async function printOnce(collector: Collector): Promise<Outcome> {
  await collector.tick();
  const model = collector.current();
  const { allScreens } = await import('../../tui/all-screens.js');
  return {
    schema: 'top',
    data: dataOf(model),
    text: (style) => allScreens(model, { ...style, ascii: style.dot === '-' }),
  };
}

function dataOf({ at, ...model }: TopModel): object {
  return { time: new Date(at).toISOString(), ...model };
}

async function watch(
  ctx: Context,
  store: Store,
  collector: Collector,
  { interval, readOnly }: { interval: number; readOnly: boolean },
): Promise<void> {
  // React chooses its slow, talkative build by default.
  process.env.NODE_ENV ??= 'production';
  const [{ runTop }, { withScreen }] = await Promise.all([
    import('../../tui/app.js'),
    import('../../tui/terminal.js'),
  ]);
  const { style } = ctx.out;
  const stdout = ctx.stdout as NodeJS.WriteStream;
  await withScreen(stdout, () =>
    runTop({
      collector,
      look: { paint: style.paint, ascii: style.dot === '-' },
      readOnly,
      intervalMs: interval,
      remove: (choice) => remove(store, choice),
      stdin: ctx.stdin() as NodeJS.ReadStream,
      stdout,
      signal: ctx.signal,
    }),
  );
}

async function remove(store: Store, choice: CacheChoice): Promise<string> {
  const { tuiMessages } = await import('../../tui/messages.js');
  if (choice.kind === 'user') {
    await store.reset(logOf(choice.user, choice.scope).key);
    return tuiMessages.reset(choice.user);
  }
  const { scope, task, model } = choice;
  return tuiMessages.cleared((await store.clearCache({ scope, task, model })).removed);
}
