import {
  deviceText,
  meanText,
  memoryText,
  modelText,
  NOTHING,
  qualityText,
  sizeText,
  speedText,
  tailText,
} from './cells.js';
import { guideText } from './guide.js';
import { loadName } from './level-name.js';
import type { Target } from './schema.js';
import type { Result } from './schema-result.js';

export interface Column<Row> {
  head: string;
  cell: (row: Row) => string;
}

/** One row a model: the setup guide's own columns, its figures beside them, and where the model computed. */
export const MODEL_COLUMNS: readonly Column<Target>[] = [
  { head: 'Model', cell: modelText },
  { head: 'Size', cell: sizeText },
  { head: 'Speed', cell: (target) => speedOf(target) },
  { head: 'Memory', cell: ({ memory }) => memoryText(memory) },
  { head: 'Quality', cell: qualityText },
  { head: 'On', cell: deviceText },
  { head: 'The guide says', cell: ({ id }) => guideText(id) },
];

/** One that failed after it was measured, over the questions of quality, has its speed all the same. */
function speedOf(target: Target): string {
  const measured = calmest(target);
  return measured ? speedText(measured) : (target.failed?.message ?? NOTHING);
}

export interface LevelRow {
  target: Target;
  result: Result;
}

/** One row a load level. */
export const LEVEL_COLUMNS: readonly Column<LevelRow>[] = [
  { head: 'Model', cell: ({ target }) => modelText(target) },
  { head: 'Workload', cell: ({ result }) => [result.workload, viaText(result)].filter(Boolean).join(' ') },
  { head: 'Load', cell: ({ result }) => loadName(result.load) },
  { head: 'TTFT ms', cell: ({ result: { metrics } }) => tailText(metrics.ttft_sched_ms ?? metrics.ttft_ms) },
  { head: 'TPOT ms', cell: ({ result: { metrics } }) => meanText(metrics.tpot_ms) },
  {
    head: 'E2E s',
    cell: ({ result: { metrics } }) => tailText(metrics.e2e_sched_ms ?? metrics.e2e_ms, 1000),
  },
  { head: 'Prefill tok/s', cell: ({ result: { metrics } }) => prefillText(metrics) },
  { head: 'Output tok/s', cell: ({ result: { metrics } }) => meanText(metrics.out_tps) },
  { head: 'Good', cell: ({ result: { goodput } }) => goodText(goodput) },
  { head: 'Errors', cell: ({ result: { errors } }) => errorsText(errors) },
  { head: 'Flags', cell: ({ result: { flags } }) => flags.join(' ') || NOTHING },
];

export function levelRows(targets: readonly Target[]): LevelRow[] {
  return targets.flatMap((target) => target.results.map((result) => ({ target, result })));
}

/** Rows of cells, heads apart. */
export function cellsOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[][] {
  return rows.map((row) => columns.map(({ cell }) => cell(row)));
}

/** The level with the fewest requests at once: the speed that one reader sees. */
export function calmest({ results }: Target): Result | undefined {
  const crowd = ({ load }: Result) => (load.kind === 'closed' ? load.concurrency : Number.POSITIVE_INFINITY);
  return [...results].sort((a, b) => crowd(a) - crowd(b))[0];
}

function viaText({ via, prefix }: Result): string {
  const way = via === undefined || via === 'engine' ? '' : `via ${via}`;
  return [way, prefix === 'warm' ? 'warm cache' : ''].filter((part) => part !== '').join(', ');
}

/** The engine's own figure where it tells one; the client's holds queue and wire as well, so it is a least. */
function prefillText({ pp_tps_server: server, pp_tps_client: client }: Result['metrics']): string {
  if (server) return meanText(server);
  return client ? `≥ ${meanText(client)}` : NOTHING;
}

function goodText(goodput: Result['goodput']): string {
  return goodput ? `${Math.round(goodput.fraction * 1000) / 10} % of ${goodput.attempted}` : NOTHING;
}

function errorsText({ total, by }: Result['errors']): string {
  const kinds = Object.entries(by).map(([kind, count]) => `${kind} ${count}`);
  return kinds.length === 0 ? String(total) : `${total} (${kinds.join(', ')})`;
}
