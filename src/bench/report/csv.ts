import { levelRows } from './columns.js';
import { loadName } from './level-name.js';
import { METRIC_NAMES } from './metrics.js';
import type { BenchReport, Target } from './schema.js';
import type { Result } from './schema-result.js';

type Value = string | number | boolean | undefined;

const FIGURES = ['mean', 'ci95_low', 'ci95_high', 'n', 'p50', 'p95', 'max'] as const;

/**
 * One line a load level, numbers as they are, nothing where nothing was measured (RFC 4180). A text that a
 * spreadsheet would take for a formula begins with an apostrophe.
 */
export function csvReport(report: BenchReport): string {
  const rows = levelRows(report.targets).map(({ target, result }) => ({
    ...ofTarget(report, target),
    ...ofResult(result),
  }));
  // A model that could not be measured has its line, too.
  const failed = report.targets
    .filter(({ results }) => results.length === 0)
    .map((target) => ofTarget(report, target));
  const heads = Object.keys({ ...ofTarget(report), ...ofResult() });
  const lines = [...rows, ...failed].map((row: Record<string, Value>) => heads.map((head) => row[head]));
  return [heads, ...lines].map((line) => `${line.map(field).join(',')}\r\n`).join('');
}

function ofTarget({ report_id, started_at, client }: BenchReport, target?: Target) {
  const [quality] = target?.quality ?? [];
  const { ram, gpu, split } = target?.memory ?? {};
  return {
    report_id,
    started_at,
    cpu: client.cpu,
    cores: client.cores,
    model: target?.id,
    engine: target?.engine,
    device: target?.hw.device,
    gpu: target?.hw.gpu.join(' + '),
    random_weights: target?.random_weights ?? false,
    quant: target?.quant,
    parameters: target?.parameters,
    weights_bytes: target?.weights_bytes,
    ram_anon: ram?.anon,
    ram_file: ram?.file,
    ram_rss: ram?.rss,
    ram_pss: ram?.pss,
    ram_working_set: ram?.working_set,
    ram_peak: ram?.peak,
    ram_method: ram?.method,
    memory_weights: split?.weights,
    memory_kv: split?.kv,
    memory_other: split?.other,
    gpu_bytes: gpu?.bytes,
    gpu_scope: gpu?.scope,
    quality_way: quality?.way,
    quality_n: quality?.n,
    quality_usable: quality?.usable.rate,
    quality_usable_low: quality?.usable.ci95[0],
    quality_usable_high: quality?.usable.ci95[1],
    failed: target?.failed?.code,
  } satisfies Record<string, Value>;
}

function ofResult(result?: Result): Record<string, Value> {
  const metrics = METRIC_NAMES.flatMap((name) => {
    const metric = result?.metrics[name];
    const { n, p50, p95, max } = metric?.pooled ?? {};
    const figures = {
      mean: metric?.mean,
      ci95_low: metric?.ci95?.[0],
      ci95_high: metric?.ci95?.[1],
      n,
      p50,
      p95,
      max,
    };
    return FIGURES.map((figure) => [`${name}_${figure}`, figures[figure]] as const);
  });
  return {
    workload: result?.workload,
    load: result && loadName(result.load),
    via: result && (result.via ?? 'engine'),
    measured: result?.phase.measured,
    errors: result?.errors.total,
    goodput: result?.goodput?.fraction,
    flags: result?.flags.join(' '),
    ...Object.fromEntries(metrics),
  };
}

function field(value: Value): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  // OWASP, CSV injection: these begin a formula in one program or another.
  const harmless = /^\s*[=+\-@|%\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$|^'/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
}
