import { benchUnderWay } from '../bench/lifecycle/progress-file.js';
import { lastReports } from '../bench/report/last-reports.js';
import { loadName } from '../bench/report/level-name.js';
import type { BenchReport, Target } from '../bench/report/schema.js';
import { present } from '../engines/present.js';
import type { Source } from '../tui/collector.js';
import type { BenchRow, BenchView } from '../tui/model.js';
import type { Context } from './context.js';

/** The bench that goes on, and the reports of the last ones; each report is read once. */
export function benchLook({ layout }: Context): Source['look'] {
  const reports = lastReports(layout);
  const views = new WeakMap<BenchReport, BenchView['reports'][number]>();
  return async () => {
    const [running, kept] = await Promise.all([benchUnderWay(layout), reports()]);
    const viewed = kept.map((report) => {
      const view = views.get(report) ?? viewOf(report);
      views.set(report, view);
      return view;
    });
    return { bench: { reports: viewed, ...(running ? { running } : {}) } };
  };
}

function viewOf(report: BenchReport): BenchView['reports'][number] {
  const { report_id: id, started_at: startedAt, label, interrupted, targets } = report;
  return {
    id,
    startedAt,
    ...present({ label, interrupted }),
    rows: targets.flatMap(rowsOf),
    failed: targets.flatMap(({ id: model, failed }) => (failed ? [{ model, message: failed.message }] : [])),
  };
}

function rowsOf({ id: model, results }: Target): BenchRow[] {
  return results.map(({ workload, load, via = 'engine', metrics, errors, flags }) => ({
    model,
    load: [workload, loadName(load), ...(via === 'engine' ? [] : [via])].join(' '),
    errors: errors.total,
    flags: [...flags],
    ...present({
      ttftMs: metrics.ttft_sched_ms?.mean ?? metrics.ttft_ms?.mean,
      tpotMs: metrics.tpot_ms?.mean,
      decodeTps: metrics.decode_tps?.mean,
      outputTps: metrics.out_tps?.mean,
    }),
  }));
}
