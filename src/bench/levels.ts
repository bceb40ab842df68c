import type { Measured } from './load/instrument.js';
import { levelResult } from './load/level-result.js';
import type { LoopDelay } from './load/loop-delay.js';
import type { LoadPlan } from './load/plan.js';
import type { Sent } from './load/sent.js';
import { beginOf, fromLines, type RequestLine, toLines } from './records/request-line.js';
import type { Result } from './report/schema-result.js';
import type { Slo } from './trace/slo.js';

export interface MeasuredLevels {
  results: Result[];
  /** Every request, as a report keeps it; the figures are made of these, so that they can be made again. */
  lines: RequestLine[];
  /** How late the measuring process itself was, at its worst level. */
  loopDelay: LoopDelay;
  peakRssBytes: number;
}

/** A time spent at a load level. */
export interface Stay {
  level: number;
  plan: LoadPlan;
}

export interface Stayed {
  plan: LoadPlan;
  measured: Measured;
}

/** In turns each level has half of its runs on the way there and the rest on the way back. */
export function staysOf(plans: readonly LoadPlan[], inTurns: boolean): Stay[] {
  const there = plans.map((plan, level) => ({ level, plan }));
  if (!inTurns || plans.length < 2) return there;
  const part = ({ level, plan }: Stay, runs: number, name: string): Stay[] =>
    runs === 0 ? [] : [{ level, plan: { ...plan, runs, reportId: `${plan.reportId}-${name}` } }];
  return [
    ...there.flatMap((stay) => part(stay, Math.ceil(stay.plan.runs / 2), 'there')),
    ...there.toReversed().flatMap((stay) => part(stay, Math.floor(stay.plan.runs / 2), 'back')),
  ];
}

/** The figures of every level that was measured, made of the lines that a report keeps. */
export function levelsOf(
  plans: readonly LoadPlan[],
  seen: ReadonlyMap<number, readonly Stayed[]>,
  { reportId: report, slo }: { reportId: string; slo?: Slo | undefined },
  target: number,
): MeasuredLevels {
  const found: MeasuredLevels = { results: [], lines: [], loopDelay: { p99: 0, max: 0 }, peakRssBytes: 0 };
  for (const [level, plan] of plans.entries()) {
    const stays = seen.get(level) ?? [];
    const all = stays.map(({ measured }) => measured);
    const begin = Math.min(...all.map(({ sent }) => beginOf(sent)));
    const owner = { report, target, level: found.results.length };
    const lines = inOrder(all).flatMap((sent, visit) =>
      toLines(sent, owner, stays[visit]?.plan ?? plan, begin),
    );
    const record = {
      sent: fromLines(lines),
      backlog: all.some(({ backlog }) => backlog),
      loopDelay: worst(all.map(({ loopDelay }) => loopDelay)),
    };
    const result = levelResult(plan, record, slo);
    if (result.phase.measured > 0) {
      found.results.push(result);
      found.lines.push(...lines);
    }
    found.loopDelay = worst([found.loopDelay, record.loopDelay]);
    found.peakRssBytes = Math.max(found.peakRssBytes, ...all.map(({ peakRssBytes }) => peakRssBytes));
  }
  return found;
}

/** Runs are counted on from one stay to the next. */
function inOrder(all: readonly Measured[]): Sent[][] {
  if (all.length < 2) return all.map(({ sent }) => sent);
  let before = 0;
  return all.map(({ sent }, visit) => {
    const first = before;
    return sent.map((one) => {
      if (one.phase !== 'measured') return { ...one, visit };
      before = Math.max(before, first + one.run + 1);
      return { ...one, run: first + one.run, visit };
    });
  });
}

function worst(delays: readonly LoopDelay[]): LoopDelay {
  const most = (read: (delay: LoopDelay) => number) => Math.max(0, ...delays.map(read));
  return { p99: most(({ p99 }) => p99), max: most(({ max }) => max) };
}
