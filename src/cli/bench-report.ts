import { clientFacts } from '../bench/client-facts.js';
import { DEFINITIONS } from '../bench/definitions.js';
import type { MeasuredLevels } from '../bench/levels.js';
import type { MeasureSpec } from '../bench/measure.js';
import { BenchReport, type Target } from '../bench/report/schema.js';
import type { SelfTestResult } from '../bench/selftest/run.js';
import type { Served } from './bench-served.js';
import type { Context } from './context.js';
import { servedFacts, type WeightFacts } from './served-facts.js';

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
export function servedTarget(
  here: Served,
  weights: WeightFacts,
  results: Target['results'],
  memory: Target['memory'],
): Target {
  return {
    ...servedFacts(here, weights),
    capabilities: capabilitiesOf(results),
    ...(memory && { memory }),
    results,
  };
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

function withoutSecrets(argv: readonly string[]): string[] {
  return argv.map((word, i) => {
    if (SECRETS.test(argv[i - 1] ?? '') && !word.startsWith('-')) return '***';
    return word.replace(/(\w+:\/\/).*@/, '$1***@').replace(/((?:api[-_]?key|token)=).*/i, '$1***');
  });
}
