import { columns, type Look, plain, span, time } from '../look.js';
import { tuiMessages } from '../messages.js';
import type { BenchRow, BenchView, TopModel } from '../model.js';

const BAR_CELLS = 20;

/** The bench that goes on, the newest report in full, and the older ones by name. */
export function bench({ bench: { running, reports }, at }: TopModel, look: Look): string[] {
  const [newest, ...older] = reports;
  return [
    ...(running ? [progressLine(running, at, look), ''] : []),
    ...(newest ? reportLines(newest, look) : [tuiMessages.noReports]),
    ...(older.length > 0
      ? [
          '',
          look.paint('bold', tuiMessages.olderReports),
          ...columns(older.map((one) => [one.id, when(one.startedAt), names(one), plain(one.label ?? '')])),
        ]
      : []),
  ];
}

function progressLine(running: NonNullable<BenchView['running']>, at: number, look: Look): string {
  const { model, load, share, startedAt } = running;
  const full = Math.round(share * BAR_CELLS);
  const [on, off] = look.ascii ? ['#', '-'] : ['█', '░'];
  return [
    look.paint('bold', tuiMessages.measuring(plain(model), running.at, running.of)),
    plain(load),
    `${on.repeat(full)}${off.repeat(BAR_CELLS - full)} ${Math.floor(share * 100)} %`,
    tuiMessages.since(span(at - Date.parse(startedAt))),
  ].join('   ');
}

function reportLines(report: BenchView['reports'][number], look: Look): string[] {
  const { id, startedAt, label, interrupted, rows, failed } = report;
  const title = [
    tuiMessages.report(id),
    when(startedAt),
    label === undefined ? '' : plain(label),
    interrupted ? tuiMessages.interrupted : '',
  ];
  return [
    look.paint('bold', title.filter((part) => part !== '').join('   ')),
    ...columns([[...tuiMessages.benchHead], ...rows.map(cells)]).map((line, i) =>
      i === 0 ? look.paint('bold', line) : line,
    ),
    ...failed.map(({ model, message }) => `${plain(model)}: ${plain(message)}`),
  ];
}

function cells({ model, load, ttftMs, tpotMs, decodeTps, outputTps, errors, flags }: BenchRow): string[] {
  const rate = (value: number | undefined) => (value === undefined ? '' : value.toFixed(1));
  return [
    plain(model),
    plain(load),
    ttftMs === undefined ? '' : time(ttftMs),
    tpotMs === undefined ? '' : time(tpotMs),
    rate(decodeTps),
    rate(outputTps),
    String(errors),
    flags.join(' '),
  ];
}

const when = (iso: string) => iso.slice(0, 16).replace('T', ' ');

function names({ rows, failed }: BenchView['reports'][number]): string {
  return [...new Set([...rows, ...failed].map(({ model }) => plain(model)))].join(', ');
}
