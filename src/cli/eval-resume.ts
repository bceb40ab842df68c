import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { ServedFacts } from '../bench/report/schema.js';
import type { EvalPlan } from '../eval/evaluate.js';
import {
  answersOf,
  type Difference,
  EarlierReport,
  modelDifferences,
  questionDifferences,
  unplanned,
} from '../eval/resume.js';
import type { Context } from './context.js';
import { evalMessages } from './eval-messages.js';

const Document = z.object({ schema: z.literal('botllm.eval/1'), data: EarlierReport });

/**
 * The report that `--resume` goes on with; undefined where there is none yet.
 * @throws BotllmError `USAGE` where it is no report, or one of other questions
 */
export async function earlierReport(
  { folders, out, version }: Context,
  { output, resume }: { output?: string; resume?: boolean },
  plan: EvalPlan,
): Promise<EarlierReport | undefined> {
  if (!resume) return undefined;
  if (output === undefined) throw evalMessages.resumeNeedsFile();
  const file = path.resolve(folders.cwd, output);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw evalMessages.noEarlier(output, error.message);
  });
  if (text === undefined) {
    out.note(evalMessages.nothingToResume(output));
    return undefined;
  }
  const read = Document.safeParse(jsonOf(text));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw evalMessages.noEarlier(output, issue ? `${issue.path.join('.')}: ${issue.message}` : '');
  }
  const earlier = read.data.data;
  refuse(output, questionDifferences(earlier, plan, version));
  const lost = unplanned(earlier, plan);
  if (lost > 0) throw evalMessages.wouldLose(output, lost);
  out.note(evalMessages.resuming(output, earlier.answers.length));
  return earlier;
}

/**
 * The plan for one model: what it answered then is not asked again.
 * @throws BotllmError `USAGE` where it is not the model of then
 */
export function planFor(
  plan: EvalPlan,
  earlier: EarlierReport | undefined,
  id: string | undefined,
  served: ServedFacts | undefined,
): EvalPlan {
  if (!earlier || id === undefined || !earlier.answers.some(({ model }) => model === id)) return plan;
  refuse(id, modelDifferences(earlier, id, served));
  return { ...plan, had: answersOf(earlier, id) };
}

function refuse(what: string, differences: readonly Difference[]): void {
  if (differences.length > 0) throw evalMessages.notTheSame(what, differences);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
