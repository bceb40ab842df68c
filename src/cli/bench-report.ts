import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { clientFacts } from '../bench/client-facts.js';
import { DEFINITIONS } from '../bench/definitions.js';
import type { MeasuredLevels } from '../bench/levels.js';
import type { MeasureSpec } from '../bench/measure.js';
import { BenchReport, type Target } from '../bench/report/schema.js';
import type { SelfTestResult } from '../bench/selftest/run.js';
import { mountedFile, readChoice } from '../engines/compose/choice.js';
import { readGguf } from '../models/gguf.js';
import type { Served } from './bench-served.js';
import type { Context } from './context.js';

/** Whatever was given that may hold a secret is left out of a report. */
const SECRETS = /(api[-_]?key|token)(=|$)/i;

export interface ReportParts {
  startedAt: Date;
  spec: MeasureSpec;
  targets: readonly Target[];
  selfTest: SelfTestResult | undefined;
  loopDelay: MeasuredLevels['loopDelay'];
  label: string | undefined;
}

/** A report as its schema has it. @throws ZodError when it is none, which is a mistake of ours */
export function benchReport(ctx: Context, parts: ReportParts): BenchReport {
  const { startedAt, spec, targets, selfTest, loopDelay, label } = parts;
  const { seed, reportId, ...config } = spec;
  return BenchReport.parse({
    report_id: reportId,
    started_at: startedAt.toISOString(),
    botllm: { version: ctx.version },
    argv: withoutSecrets(process.argv.slice(2)),
    config,
    seed,
    ...(label !== undefined && { label }),
    client: clientFacts(selfTest, loopDelay),
    definitions: DEFINITIONS,
    targets,
    ...(ctx.signal.aborted && { interrupted: true }),
  });
}

/** What is known of the weights that this home's engine serves; nothing of another's. */
export interface WeightFacts {
  path?: string | undefined;
  bytes?: number | undefined;
  quant?: string | undefined;
  parameters?: number | undefined;
  kvBytesPerToken?: number | undefined;
  /** Random numbers, which say so in the header's name or in the file's: there is nothing else to tell by. */
  random?: boolean;
}

export async function weightFacts(ctx: Context, root: string): Promise<WeightFacts> {
  const state = await ctx.liveEngine();
  const choice = state === null ? await readChoice(ctx.layout) : null;
  if ((state ?? choice)?.endpoint !== root) return {};
  const path = state?.model.path ?? (choice ? mountedFile(choice) : undefined);
  if (path === undefined) return {};
  const [file, header] = await Promise.all([stat(path).catch(() => null), readGguf(path).catch(() => null)]);
  const { quantisation: quant, kvBytesPerToken, name, parameters } = header ?? {};
  const random = /\brandom\b/i.test(`${name ?? ''} ${basename(path)}`);
  return { path, bytes: file?.size, quant, parameters, kvBytesPerToken, random };
}

/** A model that was measured where somebody serves it. */
export function servedTarget(
  { engine, served, facts }: Served,
  weights: WeightFacts,
  results: Target['results'],
  memory: Target['memory'],
): Target {
  const slots = facts.slots ?? engine.slots;
  const context = facts.contextTokens ?? engine.context;
  const quant = engine.container?.weights ?? weights.quant;
  return {
    id: served.model,
    model: served.model,
    engine: engine.engine ?? served.dialect,
    ...(engine.version !== undefined && { engine_version: engine.version }),
    ...(engine.container && { image: engine.container.image }),
    ...(quant !== undefined && { quant }),
    ...(weights.bytes !== undefined && { weights_bytes: weights.bytes }),
    ...(weights.parameters !== undefined && { parameters: weights.parameters }),
    ...(weights.random && { random_weights: true }),
    ...(context != null && { ctx: context }),
    ...(slots != null && { slots }),
    base_url: withoutPassword(served.root),
    started: false,
    hw: { device: deviceOf(engine.device), gpu: [...(engine.container?.gpus ?? [])] },
    capabilities: capabilitiesOf(results),
    ...(memory && { memory }),
    results,
  };
}

function deviceOf(device: string | undefined): 'cpu' | 'gpu' | 'unknown' {
  if (device === undefined) return 'unknown';
  return /cpu/i.test(device) ? 'cpu' : 'gpu';
}

/** What was seen of the engine in its answers. */
function capabilitiesOf(results: Target['results']): Target['capabilities'] {
  if (results.length === 0) return {};
  return {
    usage_stream: results.every(({ tokens }) => tokens.source === 'usage'),
    cached_tokens: results.every(({ tokens }) => tokens.cache_verified === true),
    timings: results.some(({ server_timings: timings }) => timings !== undefined),
  };
}

function withoutPassword(root: string): string {
  const url = new URL(root);
  url.password = '';
  url.username = '';
  return url.href.replace(/\/$/, '');
}

function withoutSecrets(argv: readonly string[]): string[] {
  return argv.map((word, i) => {
    if (SECRETS.test(argv[i - 1] ?? '') && !word.startsWith('-')) return '***';
    return word.replace(/(\w+:\/\/).*@/, '$1***@').replace(/((?:api[-_]?key|token)=).*/i, '$1***');
  });
}
