import { z } from 'zod';
import { ServedFacts } from '../bench/report/schema.js';
import type { GradedAnswer } from './answers.js';
import { casesOf, type EvalPlan } from './evaluate.js';
import { GRADERS } from './graders/grade.js';
import type { Asked, EvalReport } from './report.js';
import { TASKS } from './set/cases.js';

const text = z.string();
const Answer = z.object({
  ...{ model: text, way: text, id: text, task: z.enum(TASKS), source: text },
  ...{ right: z.boolean(), usable: z.boolean(), marks: z.record(text, z.boolean()) },
  ...{ attempts: z.number(), latencyMs: z.number(), raw: z.array(text) },
  ...{ lang: text.optional(), expected: text.optional(), got: text.optional(), error: text.optional() },
  confidence: z.number().optional(),
});

/** What of a report is taken up again; all else is counted anew. */
export const EarlierReport = z.object({
  set: z.object({ name: text, sha256: text, labels: z.number() }),
  ...{ graders: text, seed: z.number(), startedAt: text },
  resumedAt: z.array(text).optional(),
  botllm: z.object({ version: text }).optional(),
  asking: z.object({ concurrency: z.number(), deadlineMs: z.number().optional() }).optional(),
  targets: z.array(ServedFacts).default([]),
  rows: z.array(z.object({ model: text, way: text, control: z.boolean(), planned: z.number().optional() })),
  answers: z.array(Answer),
});
export type EarlierReport = z.infer<typeof EarlierReport>;

/** What is not as it was: answers of the two could not stand in one row. */
export interface Difference {
  what: string;
  was: string | undefined;
  is: string | undefined;
}

/** Whether the questions, and how they are put and judged, are those of then. */
export function questionDifferences(
  earlier: EarlierReport,
  { set, seed, concurrency, deadlineMs }: EvalPlan,
  version: string,
): Difference[] {
  const { asking } = earlier;
  return differing([
    ['set', earlier.set.name, set.name],
    ['set.sha256', earlier.set.sha256, set.sha256],
    ['set.labels', earlier.set.labels, set.labels.length],
    ['graders', earlier.graders, GRADERS],
    ['seed', earlier.seed, seed],
    ['botllm', earlier.botllm?.version, version],
    ['concurrency', asking?.concurrency, concurrency],
    ['timeout', asking?.deadlineMs, deadlineMs],
  ]);
}

/** The facts by which weights, and what computes with them, are the same; where it listens is none of them. */
const IDENTITY = [
  ...['model', 'engine', 'family', 'engine_version', 'image', 'quant', 'parameters'],
  ...['weights_bytes', 'random_weights'],
] as const satisfies readonly string[];

/**
 * Whether a model is the one of then.
 * @param now undefined: nobody says what answers, so nobody can say that it is the same
 */
export function modelDifferences(
  earlier: EarlierReport,
  id: string,
  now: ServedFacts | undefined,
): Difference[] {
  const then = earlier.targets.find((target) => target.id === id);
  const facts = (of: ServedFacts | undefined) => of as Readonly<Record<string, unknown>> | undefined;
  if (!then || !now) return [{ what: id, was: then?.model, is: now?.model }];
  const digests = [then.weights_sha256, now.weights_sha256];
  return differing([
    // Of a model that somebody else started nobody took it.
    ...(digests.includes(undefined) ? [] : [['weights_sha256', ...digests] as Pair]),
    ...IDENTITY.map((name): Pair => [name, facts(then)?.[name], facts(now)?.[name]]),
    ['hw.device', then.hw.device, now.hw.device],
  ]);
}

/** What that model answered then, way by way. */
export function answersOf(earlier: EarlierReport, id: string): (way: string) => readonly GradedAnswer[] {
  return (way) =>
    earlier.answers.flatMap(({ model, way: asked, ...answer }) =>
      model === id && asked === way ? [answer] : [],
    );
}

/** Answers of then to which this plan has no question: they would be lost. */
export function unplanned({ answers }: EarlierReport, plan: EvalPlan): number {
  const planned = new Set(casesOf(plan).map(({ id }) => id));
  return answers.filter(({ id }) => !planned.has(id)).length;
}

/** Rows of then that were not come to this time: another model, or one that could not be asked. */
export function keptRows(earlier: EarlierReport, asked: readonly Asked[]): Asked[] {
  return earlier.rows
    .filter(
      ({ model, way, control }) => !control && !asked.some((row) => row.model === model && row.way === way),
    )
    .map(({ model, way, planned }) => {
      const answers = answersOf(earlier, model)(way);
      return { model, way, control: false, planned: planned ?? answers.length, answers };
    });
}

/** What served them. */
export function keptTargets({ targets }: EarlierReport, now: readonly ServedFacts[]): ServedFacts[] {
  return targets.filter((target) => !now.some(({ id }) => id === target.id));
}

/** What of then a report has that goes on with it. */
export function resumedFacts(
  { startedAt, resumedAt = [] }: EarlierReport,
  now: Date,
): Pick<EvalReport, 'startedAt' | 'resumedAt'> {
  return { startedAt, resumedAt: [...resumedAt, now.toISOString()] };
}

type Pair = [what: string, then: unknown, now: unknown];

function differing(pairs: readonly Pair[]): Difference[] {
  const shown = (value: unknown) => (value === undefined ? undefined : String(value));
  return pairs
    .filter(([, then, now]) => then !== now)
    .map(([what, then, now]) => ({ what, was: shown(then), is: shown(now) }));
}
