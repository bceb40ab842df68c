import { stat } from 'node:fs/promises';
import { clientFacts } from '../bench/client-facts.js';
import { DEFINITIONS } from '../bench/definitions.js';
import type { MeasuredLevels, MeasureSpec, ServedModel } from '../bench/measure.js';
import { BenchReport, type Target } from '../bench/report/schema.js';
import type { SelfTestResult } from '../bench/selftest/run.js';
import type { EngineFacts } from '../client/detect.js';
import type { EngineStatus } from '../engines/status.js';
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

/** A model that was measured where somebody serves it. */
export async function servedTarget(
  ctx: Context,
  engine: EngineStatus,
  served: ServedModel,
  facts: EngineFacts,
  results: Target['results'],
): Promise<Target> {
  const state = await ctx.liveEngine();
  const isOurs = state !== null && state.endpoint === served.root;
  const bytes = isOurs ? (await stat(state.model.path).catch(() => null))?.size : undefined;
  const slots = facts.slots ?? engine.slots;
  const context = facts.contextTokens ?? engine.context;
  const device = deviceOf(engine.device);
  return {
    id: served.model,
    model: served.model,
    engine: engine.engine ?? served.dialect,
    ...(engine.version !== undefined && { engine_version: engine.version }),
    ...(engine.container && { image: engine.container.image }),
    ...(engine.container?.weights !== undefined && { quant: engine.container.weights }),
    ...(bytes !== undefined && { weights_bytes: bytes }),
    ...(context != null && { ctx: context }),
    ...(slots != null && { slots }),
    base_url: withoutPassword(served.root),
    started: false,
    hw: { device, gpu: [...(engine.container?.gpus ?? [])] },
    capabilities: capabilitiesOf(results),
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
