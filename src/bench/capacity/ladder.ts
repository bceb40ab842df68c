import type { Instrument } from '../load/instrument.js';
import { judge } from '../load/judged.js';
import type { LoadPlan } from '../load/plan.js';
import { windowsOf } from '../load/window.js';
import type { EngineModel } from './engine-model.js';

/** Requests of each rung that are measured, at least. */
const LEAST = 8;
const MOST_ALONE = 20;
/** A rung that brings less than this more answers is the top. */
const STILL_GROWS = 1.1;
const HIGHEST = 256;

export interface LadderOptions {
  /** What is asked; its load is set here. */
  plan: LoadPlan;
  /** Of a probe: a hasty search climbs hastily, too. */
  requests: number;
  /** As the engine says; otherwise found where more at once bring nothing. */
  slots: number | undefined;
  signal: AbortSignal;
  onRung?: (atOnce: number) => void;
}

/** An engine's answers per second with one, two, four … always at once, up to its slots or until no more come. */
export async function climb(instrument: Instrument, options: LadderOptions): Promise<EngineModel> {
  const { plan, requests, slots, signal, onRung } = options;
  const ladder: { atOnce: number; perSecond: number }[] = [];
  let aloneMs: number[] = [];
  for (const atOnce of rungs(slots)) {
    signal.throwIfAborted();
    onRung?.(atOnce);
    const wanted =
      atOnce === 1 ? Math.max(LEAST, Math.min(MOST_ALONE, requests)) : Math.max(LEAST, atOnce * 3);
    const { sent } = await instrument.measure(
      {
        ...plan,
        load: { kind: 'closed', concurrency: atOnce },
        warmup: Math.max(2, atOnce),
        requestsPerRun: wanted,
        reportId: `${plan.reportId}-rung${atOnce}`,
      },
      { signal },
    );
    signal.throwIfAborted();
    const judged = judge(sent);
    const [window] = windowsOf(judged);
    if (atOnce === 1) aloneMs = judged.flatMap(({ metrics }) => metrics?.e2eMs ?? []);
    if (!window || window.to <= window.from) break;
    const ended = sent.filter(
      ({ trace }) =>
        !trace.failure && !trace.stopped && within(trace.contentAt.at(-1), window.from, window.to),
    );
    const perSecond = (ended.length / (window.to - window.from)) * 1000;
    const before = ladder.at(-1);
    ladder.push({ atOnce, perSecond });
    if (slots === undefined && before && perSecond < before.perSecond * STILL_GROWS) break;
  }
  const top = ladder.reduce((best, rung) => (rung.perSecond > best.perSecond * STILL_GROWS ? rung : best), {
    atOnce: 1,
    perSecond: 0,
  });
  return { aloneMs, slots: slots ?? top.atOnce, ladder };
}

function* rungs(slots: number | undefined): Generator<number> {
  const top = Math.min(slots ?? HIGHEST, HIGHEST);
  for (let atOnce = 1; atOnce < top; atOnce *= 2) yield atOnce;
  yield top;
}

function within(at: number | undefined, from: number, to: number): boolean {
  return at !== undefined && at >= from && at <= to;
}
