import type { Words } from '../../language.js';
import { METRICS } from './metrics.js';
import { type Overhead, overheads } from './overhead.js';
import type { BenchReport } from './schema.js';

/** The words of the headlines, as files have them. */
export const HEADLINES = {
  interrupted: 'Interrupted: what is here was measured, the rest was not.',
  report: (at: string, version: string, id: string, seed: number) =>
    `${at}, botllm ${version}, report ${id}, seed ${seed}`,
  cores: (count: number) => `${count} cores`,
  ownError: (ttft: string, tpot: string) =>
    `The instrument's own error: TTFT ${ttft} ms, TPOT ${tpot} ms (bench self-test)`,
  noOwnError: "The instrument's own error was not measured: botllm bench self-test",
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
    say.guide,
    ...report.targets.flatMap(overheads).map((overhead) => overheadLine(overhead, say)),
  ];
}

function overheadLine(
  { target, level, metric, addedMs, ci95 }: Overhead,
  say: Words<typeof HEADLINES>,
): string {
  const interval = ci95 ? ` [${signed(ci95[0])} … ${signed(ci95[1])}]` : '';
  return say.overhead(`${target}, ${level}: ${METRICS[metric].title} ${signed(addedMs)}`, interval);
}

const signed = (value: number) => `${value >= 0 ? '+' : '−'}${Math.abs(Number(value.toPrecision(2)))}`;
