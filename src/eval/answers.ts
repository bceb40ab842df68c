import type { TaskName } from './set/cases.js';

/** One question, what was said to it, and how it was judged. */
export interface GradedAnswer {
  id: string;
  task: TaskName;
  lang?: string | undefined;
  /** The truth, where there is one. */
  expected?: string | undefined;
  got?: string | undefined;
  right: boolean;
  usable: boolean;
  marks: Readonly<Record<string, boolean | undefined>>;
  source: string;
  error?: string | undefined;
  attempts: number;
  latencyMs: number;
  /** Probability of the chosen label among all, where the engine gave any. */
  confidence?: number | undefined;
  /** The engine's words, each as they came. */
  raw: readonly string[];
}
