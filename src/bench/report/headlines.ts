import type { Words } from '../../language.js';
import { numberText } from './cells.js';
import { METRICS } from './metrics.js';
import { type Overhead, overheads } from './overhead.js';
import type { BenchReport, Target } from './schema.js';
import type { Result } from './schema-result.js';

/** The words of the headlines, as files have them. */
export const HEADLINES = {
  interrupted: 'Interrupted: what is here was measured, the rest was not.',
  report: (at: string, version: string, id: string, seed: number) =>
    `${at}, botllm ${version}, report ${id}, seed ${seed}`,
  cores: (count: number) => `${count} cores`,
  ownError: (ttft: string, tpot: string) =>
    `The instrument's own error: TTFT ${ttft} ms, TPOT ${tpot} ms (bench self-test)`,
  noOwnError: "The instrument's own error was not measured: botllm bench self-test",
  cacheUnverified: (model: string, first: string, repeat: string) =>
    `Cache unverified: ${model} does not tell what it took from its cache; a prompt began to be answered after ${first} ms, the same one again after ${repeat} ms`,
  cacheMeasured: (alone: string) => `, the measured ones after ${alone} ms`,
  guide: 'The guide names 30–60 tok/s for a consumer GPU; a row on the CPU is not that machine.',
  overhead: (added: string, interval: string) => `${added} ms${interval} against the engine asked directly`,
} as const;

/**
 * What stands above the tables: the machine, the program, how often, and how exact the instrument itself is.
 * @param say the words, for a terminal in another language
 */
export function headlines(report: BenchReport, say: Words<typeof HEADLINES> = HEADLINES): string[] {
  const { client, botllm, started_at: at, label, seed, report_id: id, interrupted } = report;
  const selfTest = client.self_test;
  const error = selfTest?.ttft_add_ms.mean;
  return [
    ...(interrupted ? [say.interrupted] : []),
    `${say.report(at, botllm.version, id, seed)}${label === undefined ? '' : `, ${label}`}`,
    `${client.cpu}, ${say.cores(client.cores)}, ${client.os}, Node ${client.node}, ${client.transport}`,
    selfTest && error !== undefined
      ? say.ownError(signed(error), signed(selfTest.tpot_err_ms))
      : say.noOwnError,
    ...report.targets.flatMap((target) => cacheText(target, say) ?? []),
    say.guide,
    ...report.targets.flatMap(overheads).map((overhead) => overheadLine(overhead, say)),
  ];
}

/** Where the engine does not tell what it took from its cache, what was seen of it. */
function cacheText(
  { id, cache_probe: probe, results }: Target,
  say: Words<typeof HEADLINES>,
): string | undefined {
  if (!probe) return undefined;
  const { first_ttft_ms: first, repeat_ttft_ms: repeat } = probe;
  const alone = results.find((result) => isAlone(result))?.metrics.ttft_ms?.mean;
  const measured = alone === undefined ? '' : say.cacheMeasured(numberText(alone));
  return `${say.cacheUnverified(id, numberText(first), numberText(repeat))}${measured}`;
}

const isAlone = ({ load, prefix, via = 'engine' }: Result) =>
  load.kind === 'closed' && load.concurrency === 1 && prefix === 'cold' && via === 'engine';

function overheadLine(
  { target, level, metric, addedMs, ci95 }: Overhead,
  say: Words<typeof HEADLINES>,
): string {
  const interval = ci95 ? ` [${signed(ci95[0])} … ${signed(ci95[1])}]` : '';
  return say.overhead(`${target}, ${level}: ${METRICS[metric].title} ${signed(addedMs)}`, interval);
}

const signed = (value: number) => `${value >= 0 ? '+' : '−'}${Math.abs(Number(value.toPrecision(2)))}`;
