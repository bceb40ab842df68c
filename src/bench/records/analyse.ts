import { z } from 'zod';
import { levelResult } from '../load/level-result.js';
import { type LevelFacts, type LoadSpec, Workload } from '../load/plan.js';
import type { BenchReport } from '../report/schema.js';
import type { Load, Result } from '../report/schema-result.js';
import { SLO_NAMES, type Slo } from '../trace/slo.js';
import { fromLines, type RequestLine } from './request-line.js';

/**
 * A report made again from its requests: every figure of every load level, by the code that made it first. What
 * requests do not tell (memory, quality, the machine) stays as it was.
 * @param slo other limits than those of then
 */
export function analyse(report: BenchReport, lines: readonly RequestLine[], slo?: Slo): BenchReport {
  const limits = slo ?? sloOf(report);
  const targets = report.targets.map((target, at) => ({
    ...target,
    results: target.results.map((result, level) => {
      const own = lines.filter((line) => line.target === at && line.level === level);
      return own.length === 0 ? result : analysed(report, result, own, limits);
    }),
  }));
  return { ...report, targets };
}

function analysed(
  report: BenchReport,
  result: Result,
  lines: readonly RequestLine[],
  slo: Slo | undefined,
): Result {
  const record = {
    sent: fromLines(lines),
    // Seen when the load ran; no request tells of it.
    backlog: result.flags.includes('backlog'),
    loopDelay: result.event_loop_delay_ms ?? { p99: 0, max: 0 },
  };
  return levelResult(factsOf(report, result), record, slo);
}

function factsOf({ config }: BenchReport, { load, via = 'engine', prefix }: Result): LevelFacts {
  return {
    workload: Workload.parse(config.workload),
    // The product's own prompts begin with what is the same for a task.
    cold: prefix === 'cold',
    ciTarget: z.number().optional().catch(undefined).parse(config.ciTarget),
    load: loadSpecOf(load),
    via: via as LevelFacts['via'],
  };
}

function loadSpecOf(load: Load): LoadSpec {
  if (load.kind === 'closed') return load;
  return { kind: 'open', requestRate: load.request_rate, arrival: load.arrival };
}

function sloOf({ config: { slo } }: BenchReport): Slo | undefined {
  if (typeof slo !== 'object' || slo === null) return undefined;
  const known = Object.entries(slo).filter(([name]) => SLO_NAMES.some((one) => one === name));
  return Object.fromEntries(known) as Slo;
}
