import type { BotTask, LoadSpec, Workload } from '../bench/load/plan.js';
import type { MeasureSpec } from '../bench/measure.js';
import type { Slo } from '../bench/trace/slo.js';
import { BotllmError } from '../errors.js';
import { benchMessages } from './bench-messages.js';
import type { OptionSpec } from './define.js';
import { parse } from './parse.js';

/** What `bench` takes, as its options come. */
export interface BenchOptions {
  concurrency?: number[];
  requestRate?: number[];
  arrival?: 'constant' | 'poisson';
  runs?: number;
  requests?: number;
  duration?: number;
  workload?: 'synthetic' | 'bot';
  pp?: number;
  tg?: number;
  text?: 'en' | 'ru';
  via?: ('engine' | 'client' | 'gateway')[];
  prefixCache?: 'cold' | 'warm' | 'both';
  ciTarget?: number;
  maxRuns?: number;
  cooldown?: number;
  interleave?: boolean;
  extraBody?: MeasureSpec['extraBody'];
  exactTg?: boolean;
  goodput?: Slo;
  seed?: number;
  quick?: boolean;
}

export const LOAD_OPTIONS: readonly OptionSpec[] = [
  { flags: '--concurrency <n,…>', description: 'so many at once, level by level (1)', parse: parse.counts },
  {
    flags: '--request-rate <r,…>',
    description: 'requests a second at moments of their own, level by level',
    parse: parse.rates,
  },
  {
    flags: '--arrival <kind>',
    description: 'with --request-rate (poisson)',
    choices: ['constant', 'poisson'],
  },
  { flags: '--runs <n>', description: 'repeats, over which the interval is (5)', parse: parse.count(1, 100) },
  {
    flags: '--ci-target <share>',
    description: 'more runs until every interval is within, e.g. 5%',
    parse: parse.share,
  },
  {
    flags: '--max-runs <n>',
    description: 'with --ci-target, so many at most (20)',
    parse: parse.count(2, 1000),
  },
  { flags: '--cooldown <time>', description: 'pause between two levels', parse: parse.duration },
  { flags: '--interleave', description: 'levels take turns, there and back, half of the runs each time' },
  { flags: '--requests <n>', description: 'requests of a run (5)', parse: parse.count(1, 10_000) },
  { flags: '--duration <time>', description: 'a run also ends after this time', parse: parse.duration },
  {
    flags: '--workload <kind>',
    description: "plain text, or the product's own prompts (synthetic)",
    choices: ['synthetic', 'bot'],
  },
  {
    flags: '--pp <tokens>',
    description: 'prompt of about so many tokens (256)',
    parse: parse.count(8, 1_000_000),
  },
  {
    flags: '--tg <tokens>',
    description: 'answer of at most so many tokens (64)',
    parse: parse.count(1, 100_000),
  },
  { flags: '--exact-tg', description: 'exit 1 where the engine cannot be made to write so many' },
  {
    flags: '--extra-body <fields>',
    description: 'fields of every request: top_k=1,top_p=0.9 or a JSON object',
    parse: parse.fields,
  },
  { flags: '--text <language>', description: 'of the prompts (en)', choices: ['en', 'ru'] },
  {
    flags: '--via <way,…>',
    description:
      "engine: plain HTTP; client: through this library's guards; gateway: through botllm serve (engine)",
    parse: parse.ways,
  },
  {
    flags: '--prefix-cache <kind>',
    description: 'cold: no prompt begins like another; both: one level of each (cold)',
    choices: ['cold', 'warm', 'both'],
  },
  {
    flags: '--goodput <limits>',
    description: 'share of requests within limits, e.g. e2el:5000,ttft:1000',
    parse: parse.slo,
  },
  { flags: '--seed <n>', description: 'of texts and arrivals (42)', parse: parse.count(0, 2_147_483_647) },
  { flags: '--quick', description: '3 runs of 3 requests: indicative only' },
];

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_RUNS = 20;

/** @throws BotllmError `USAGE` for options that contradict each other */
export function measureSpec(
  options: BenchOptions,
  reportId: string,
  timeoutMs: number | undefined,
): MeasureSpec {
  const { concurrency, requestRate, arrival = 'poisson', quick = false } = options;
  if (concurrency && requestRate) throw usage(benchMessages.twoLoads, benchMessages.twoLoadsHint);
  refuseContradictions(options);
  const runs = options.runs ?? (quick ? 3 : 5);
  const { prefixCache = 'cold', ciTarget } = options;
  const open = requestRate?.map((rate): LoadSpec => ({ kind: 'open', requestRate: rate, arrival }));
  const closed = (concurrency ?? [1]).map((atOnce): LoadSpec => ({ kind: 'closed', concurrency: atOnce }));
  return {
    workload: workloadOf(options),
    loads: open ?? closed,
    via: options.via ?? ['engine'],
    runs,
    ...(ciTarget !== undefined && { ciTarget, maxRuns: Math.max(runs, options.maxRuns ?? MAX_RUNS) }),
    cooldownMs: options.cooldown,
    interleave: options.interleave,
    extraBody: options.extraBody,
    exact: options.exactTg,
    requestsPerRun: options.requests ?? (quick ? 3 : 5),
    runMs: options.duration,
    timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
    prefix: prefixCache === 'both' ? ['cold', 'warm'] : [prefixCache],
    seed: options.seed ?? 42,
    reportId,
    slo: options.goodput,
  };
}

function refuseContradictions(options: BenchOptions): void {
  const { maxRuns, ciTarget, extraBody, exactTg, via, workload, interleave } = options;
  if (maxRuns !== undefined && ciTarget === undefined)
    throw usage(benchMessages.maxRunsAlone, benchMessages.maxRunsAloneHint);
  if (interleave && ciTarget !== undefined)
    throw usage(benchMessages.turnsAreCounted, benchMessages.turnsAreCountedHint);
  // Client and gateway send what a bot would send, and nothing else.
  if (via?.some((way) => way !== 'engine') && (extraBody || exactTg))
    throw usage(benchMessages.engineAlone, benchMessages.engineAloneHint);
  if (workload === 'bot' && (exactTg || options.prefixCache))
    throw usage(benchMessages.syntheticAlone, benchMessages.syntheticAloneHint);
}

/** @param task only this one of the product's prompts. @throws BotllmError `USAGE` */
export function workloadOf({ workload, pp, tg, text }: BenchOptions, task?: BotTask): Workload {
  if (workload !== 'bot')
    return { kind: 'synthetic', promptTokens: pp ?? 256, outputTokens: tg ?? 64, language: text ?? 'en' };
  if (pp !== undefined || tg !== undefined || text !== undefined)
    throw usage(benchMessages.botIsAsItIs, benchMessages.botIsAsItIsHint);
  return { kind: 'bot', tasks: task ? [task] : ['intent', 'validate', 'menu', 'improve'] };
}

function usage(message: string, hint: string): BotllmError {
  return new BotllmError('USAGE', message, { hint });
}
