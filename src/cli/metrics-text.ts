import { say } from '../language.js';
import type { ClientFigures } from '../observability/client-figures.js';
import type { Distribution } from '../observability/samples.js';
import { prettySize } from '../size.js';
import type { MetricsLook } from './metrics-look.js';
import { metricsMessages } from './metrics-messages.js';
import type { Scraped } from './scrape.js';
import { fields, printable, type Style } from './style.js';

/** A look at metrics for people: a block a process. What nobody counted has no line. */
export function describeMetrics({ targets, together }: MetricsLook, style: Style): string {
  const blocks = targets.map((target) => {
    const body = 'error' in target ? describeError(target.error) : describeTarget(target, style);
    return `${style.paint('bold', printable(target.url))}\n${body}`;
  });
  if (together) {
    blocks.push(`${style.paint('bold', metricsMessages.together)}\n${fields(clientRows(together), style)}`);
  }
  return [...blocks, style.paint('dim', metricsMessages.sinceStart)].join('\n\n');
}

function describeError({ message, detail }: { message: string; detail?: string }): string {
  return printable(detail === undefined ? message : `${message}: ${detail}`);
}

function describeTarget({ clients, engine }: Scraped, style: Style): string {
  const rows = [...(clients ? clientRows(clients) : []), ...(engine ? engineRows(engine) : [])];
  return rows.length === 0 ? metricsMessages.unknown : fields(rows, style);
}

type Row = readonly [string, string | undefined];

function clientRows(figures: ClientFigures): Row[] {
  const { requests, latencyMs, cache, tokens, errors, inFlight, waiting, queueWaitMs, store } = figures;
  const all = requests.success + requests.failed;
  const failed = all > 0 ? ` (${percent(requests.failed / all)})` : '';
  const queued = Object.values(waiting).reduce((sum, value) => sum + value, 0);
  return [
    ['requests', metricsMessages.requests(all, requests.failed, failed)],
    ['latency', latencyMs.asked && times(latencyMs.asked)],
    ['latency cached', latencyMs.cached && times(latencyMs.cached)],
    ['cache', metricsMessages.hits(cache.hits, cache.ratio === undefined ? undefined : percent(cache.ratio))],
    ...Object.entries(tokens).map(
      ([model, { input, output }]): Row => [
        metricsMessages.tokensOf(printable(model)),
        metricsMessages.inOut(input, output),
      ],
    ),
    ['errors', list(errors)],
    ['in flight', inFlight === undefined ? undefined : metricsMessages.waiting(inFlight, queued)],
    ['queue wait', queueWaitMs && times(queueWaitMs)],
    ['store', storeRow(store)],
  ];
}

function engineRows(engine: NonNullable<Scraped['engine']>): Row[] {
  if (engine.family === 'ollama') {
    const loaded = engine.loaded.map(({ name, vramBytes }) =>
      vramBytes ? metricsMessages.vram(printable(name), prettySize(vramBytes)) : printable(name),
    );
    return [
      ['engine', engine.family],
      ['loaded', loaded.join(', ') || metricsMessages.nothingLoaded],
    ];
  }
  const { family, running, waiting, promptTokens, outputTokens, kvUse, ttftMs, itlMs, requestMs } = engine;
  const outcomes = [engine.succeeded, engine.failed].map((count) => count?.toString());
  return [
    ['engine', family],
    ['running', running === undefined ? undefined : metricsMessages.waiting(running, waiting)],
    [
      'engine tokens',
      promptTokens === undefined ? undefined : metricsMessages.promptOutput(promptTokens, outputTokens),
    ],
    ['KV cache', kvUse === undefined ? undefined : percent(kvUse)],
    ['TTFT', ttftMs && times(ttftMs)],
    ['ITL', itlMs && times(itlMs)],
    ['engine latency', requestMs && times(requestMs)],
    ['engine answers', outcomes[0] && metricsMessages.outcomes(outcomes[0], outcomes[1])],
  ];
}

function storeRow({ errors, skippedWrites, localDecisions }: ClientFigures['store']): string | undefined {
  if (errors + skippedWrites + localDecisions === 0) return undefined;
  return metricsMessages.storeTrouble(errors, skippedWrites, localDecisions);
}

function times({ mean, p50, p95, p99 }: Partial<Distribution> & { mean: number }): string {
  const quantiles = Object.entries({ p50, p95, p99 }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${ms(value)}`],
  );
  return [...quantiles, `${say('mean')} ${ms(mean)}`].join(', ');
}

function ms(value: number): string {
  return value >= 10_000
    ? `${(value / 1000).toFixed(1)} ${say('s')}`
    : `${value >= 100 ? Math.round(value) : value.toPrecision(2)} ${say('ms')}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function list(counts: Readonly<Record<string, number>>): string | undefined {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return entries.length === 0
    ? undefined
    : entries.map(([name, count]) => `${printable(name)} ${count}`).join(', ');
}
