import { modelText } from './cells.js';
import { type Bar, barChart } from './chart.js';
import {
  type Column,
  calmest,
  cellsOf,
  LEVEL_COLUMNS,
  type LevelRow,
  levelRows,
  MODEL_COLUMNS,
} from './columns.js';
import { GUIDE_SPEED } from './guide.js';
import { headlines } from './headlines.js';
import { escapeHtml } from './html-escape.js';
import { loadName } from './level-name.js';
import type { MetricName } from './metrics.js';
import type { BenchReport, Target } from './schema.js';

/** Nothing may be loaded and nothing may run, whatever a model's name holds. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 1180px; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0; }
th, td { border-bottom: 1px solid #8884; padding: .35rem .7rem; text-align: left; vertical-align: top; }
svg { width: 100%; max-width: 960px; height: auto; display: block; margin: 1.2rem 0; }
svg text { font: 13px system-ui, sans-serif; fill: currentColor; }
svg .title { font-weight: 600; }
svg .whisker { stroke: currentColor; stroke-width: 1.5; fill: none; }
svg .band { fill: #3a8f5a33; }
svg .band-name { font-size: 11px; }
dt { font-weight: 600; }
`;

/** The report as one file that shows itself anywhere: charts inside, nothing from elsewhere, no script. */
export function htmlReport(report: BenchReport): string {
  const { targets, definitions } = report;
  const rows = levelRows(targets);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>botllm bench ${escapeHtml(report.report_id)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>botllm bench</h1>
<ul>${headlines(report)
    .map((line) => `<li>${escapeHtml(line)}</li>`)
    .join('\n')}</ul>
<h2>Models</h2>
${tableOf(MODEL_COLUMNS, targets)}
${charts(targets, rows).join('\n')}
<h2>Loads</h2>
${tableOf(LEVEL_COLUMNS, rows)}
<h2>Definitions</h2>
<dl>${Object.entries(definitions)
    .map(([name, text]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(text)}</dd>`)
    .join('\n')}</dl>
</body>
</html>
`;
}

function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  const body = cellsOf(columns, rows).map((cells) => line('td', cells));
  const head = line(
    'th',
    columns.map(({ head }) => head),
  );
  return `<table><thead>${head}</thead><tbody>${body.join('\n')}</tbody></table>`;
}

function charts(targets: readonly Target[], rows: readonly LevelRow[]): string[] {
  const speed = targets.flatMap((target) => {
    const result = calmest(target);
    return result ? barsOf([{ target, result }], 'decode_tps', 1, modelText(target)) : [];
  });
  const guide = { from: GUIDE_SPEED.low, to: GUIDE_SPEED.high, name: 'the guide, on a consumer GPU' };
  return [
    { title: 'Speed of one answer', unit: 'tok/s', bars: speed, band: guide },
    { title: 'Memory', unit: 'MB', bars: targets.flatMap(memoryBar) },
    { title: 'Time to the first token', unit: 'ms', bars: barsOf(rows, 'ttft_ms', 1) },
    { title: 'Time to the whole answer', unit: 's', bars: barsOf(rows, 'e2e_ms', 1000) },
    { title: 'Output of all requests together', unit: 'tok/s', bars: barsOf(rows, 'out_tps', 1) },
  ]
    .filter(({ bars }) => bars.length > 0)
    .map(barChart);
}

function barsOf(rows: readonly LevelRow[], name: MetricName, scale: number, label?: string): Bar[] {
  return rows.flatMap(({ target, result }) => {
    const { mean, ci95 } = result.metrics[name] ?? {};
    if (mean === undefined) return [];
    const interval = ci95 && ([ci95[0] / scale, ci95[1] / scale] as const);
    const title = label ?? `${modelText(target)}, ${result.workload}, ${loadName(result.load)}`;
    return [{ name: title, value: mean / scale, interval }];
  });
}

function memoryBar(target: Target): Bar[] {
  const { ram, split } = target.memory ?? {};
  const named = split
    ? { weights: split.weights, 'KV cache': split.kv, other: split.other }
    : { 'its own': ram?.anon, 'pages of files': ram?.file };
  const parts = Object.entries(named).flatMap(([name, bytes]) =>
    bytes === undefined ? [] : [{ name, value: bytes / 1e6 }],
  );
  const value = parts.reduce((sum, part) => sum + part.value, 0);
  return parts.length === 0 ? [] : [{ name: modelText(target), value, parts }];
}
