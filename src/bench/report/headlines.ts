import { numberText } from './cells.js';
import { METRICS } from './metrics.js';
import { type Overhead, overheads } from './overhead.js';
import type { BenchReport, Target } from './schema.js';
import type { Result } from './schema-result.js';

/** What stands above the tables: the machine, the program, how often, and how exact the instrument itself is. */
export function headlines(report: BenchReport): string[] {
  const { client, botllm, started_at: at, label, seed, report_id: id, interrupted } = report;
  const selfTest = client.self_test;
  const error = selfTest?.ttft_add_ms.mean;
  return [
    ...(interrupted ? ['Interrupted: what is here was measured, the rest was not.'] : []),
    `${at}, botllm ${botllm.version}, report ${id}, seed ${seed}${label === undefined ? '' : `, ${label}`}`,
    `${client.cpu}, ${client.cores} cores, ${client.os}, Node ${client.node}, ${client.transport}`,
    selfTest && error !== undefined
      ? `The instrument's own error: TTFT ${signed(error)} ms, TPOT ${signed(selfTest.tpot_err_ms)} ms (bench self-test)`
      : "The instrument's own error was not measured: botllm bench self-test",
    ...report.targets.flatMap((target) => cacheText(target) ?? []),
    'The guide names 30–60 tok/s for a consumer GPU; a row on the CPU is not that machine.',
    ...report.targets.flatMap(overheads).map(overheadLine),
  ];
}

/** Where the engine does not tell what it took from its cache, what was seen of it. */
function cacheText({ id, cache_probe: probe, results }: Target): string | undefined {
  if (!probe) return undefined;
  const { first_ttft_ms: first, repeat_ttft_ms: repeat } = probe;
  const alone = results.find((result) => isAlone(result))?.metrics.ttft_ms?.mean;
  const seen = `a prompt began to be answered after ${numberText(first)} ms, the same one again after ${numberText(repeat)} ms`;
  const measured = alone === undefined ? '' : `, the measured ones after ${numberText(alone)} ms`;
  return `Cache unverified: ${id} does not tell what it took from its cache; ${seen}${measured}`;
}

const isAlone = ({ load, prefix, via = 'engine' }: Result) =>
  load.kind === 'closed' && load.concurrency === 1 && prefix === 'cold' && via === 'engine';

function overheadLine({ target, level, metric, addedMs, ci95 }: Overhead): string {
  const interval = ci95 ? ` [${signed(ci95[0])} … ${signed(ci95[1])}]` : '';
  return `${target}, ${level}: ${METRICS[metric].title} ${signed(addedMs)} ms${interval} against the engine asked directly`;
}

const signed = (value: number) => `${value >= 0 ? '+' : '−'}${Math.abs(Number(value.toPrecision(2)))}`;
