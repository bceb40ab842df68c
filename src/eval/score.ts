import type { GradedAnswer } from './answers.js';
import { type Proportion, share } from './proportion.js';
import type { TaskName } from './set/cases.js';

/** What one model, asked in one way, made of one task. */
export interface TaskScore {
  task: TaskName;
  n: number;
  right: Proportion;
  usable: Proportion;
  /** Shares by name; each says over how many it was counted. */
  marks: Readonly<Record<string, Proportion>>;
  byLang: Readonly<Record<string, Proportion>>;
  /** Mean of the labels' F1, labels that were neither asked nor answered left out. */
  macroF1?: number | undefined;
  /** Mean of the share of right inputs that were taken and of wrong ones that were refused. */
  balancedAccuracy?: number | undefined;
  /** The same over what the model decides by itself. */
  modelBalancedAccuracy?: number | undefined;
  /** Median milliseconds of a whole call. */
  medianMs?: number | undefined;
}

/** @returns undefined where nothing was answered */
export function scoreTask(task: TaskName, all: readonly GradedAnswer[]): TaskScore | undefined {
  const answers = all.filter((one) => one.task === task);
  const right = share(answers.map((one) => one.right));
  const usable = share(answers.map((one) => one.usable));
  if (!right || !usable) return undefined;
  const langs = [...new Set(answers.flatMap(({ lang }) => (lang === undefined ? [] : [lang])))].sort();
  const marks = marksOf(answers);
  return {
    task,
    n: answers.length,
    right,
    usable,
    marks,
    byLang: defined(
      langs.map((lang) => [lang, share(answers.filter((one) => one.lang === lang).map((one) => one.right))]),
    ),
    macroF1: task === 'intent' ? macroF1(answers) : undefined,
    balancedAccuracy: mean(marks.acceptedRight, marks.refusedWrong),
    modelBalancedAccuracy: mean(marks.modelAcceptedRight, marks.modelRefusedWrong),
    medianMs: median(answers.map(({ latencyMs }) => latencyMs)),
  };
}

function marksOf(answers: readonly GradedAnswer[]): Record<string, Proportion> {
  const names = [...new Set(answers.flatMap(({ marks }) => Object.keys(marks)))];
  return defined(names.map((name) => [name, share(answers.map(({ marks }) => marks[name]))]));
}

function defined<T>(entries: readonly (readonly [string, T | undefined])[]): Record<string, T> {
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== undefined));
}

/** F1 = 2 TP ÷ (2 TP + FP + FN), the mean over labels. */
export function macroF1(answers: readonly Pick<GradedAnswer, 'expected' | 'got'>[]): number | undefined {
  const labels = new Set(
    answers.flatMap(({ expected, got }) => [expected, got]).filter((one) => one !== undefined),
  );
  if (labels.size === 0) return undefined;
  let sum = 0;
  for (const label of labels) {
    const hits = answers.filter(({ expected, got }) => expected === label && got === label).length;
    const asked = answers.filter(({ expected }) => expected === label).length;
    const given = answers.filter(({ got }) => got === label).length;
    sum += (2 * hits) / (asked + given);
  }
  return sum / labels.size;
}

function mean(one: Proportion | undefined, other: Proportion | undefined): number | undefined {
  return one && other ? (one.rate + other.rate) / 2 : undefined;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
