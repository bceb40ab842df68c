import { onTestFinished } from 'vitest';
import { type EvalPlan, evaluateModel } from '../../src/eval/evaluate.js';
import { type EvalReport, type EvalRow, reportOf } from '../../src/eval/report.js';
import { caseIdOf } from '../../src/eval/request-id.js';
import type { EvalCase, QualitySet, TaskName } from '../../src/eval/set/cases.js';
import { ownSet } from '../../src/eval/set/own-set.js';
import { TODAY } from '../../src/eval/set/validate-cases.js';
import type { Way } from '../../src/eval/ways/contract.js';
import { DEFAULT_WAY } from '../../src/eval/ways/list.js';
import { completion, type Reply, type SeenRequest, startFakeEngine } from '../support/fake-engine.js';

export const SET = await ownSet();
const BY_ID = new Map(SET.cases.map((one) => [one.id, one]));

/** What an engine says to a case; the request tells in which shape it was asked. */
export type Say = (one: EvalCase, request: SeenRequest) => string;

export function saying(say: Say): Reply {
  return (response, request) => {
    const id = caseIdOf(String(request.headers['x-request-id']));
    const one = BY_ID.get(id);
    if (!one) throw new Error(`no case ${id}`);
    return completion(say(one, request))(response, request);
  };
}

export interface Asking extends Partial<Omit<EvalPlan, 'set' | 'tasks'>> {
  tasks: readonly TaskName[];
  set?: QualitySet;
}

/** A report of an engine over real sockets. */
export async function reportWith(reply: Reply, asking: Asking): Promise<EvalReport> {
  const engine = await startFakeEngine();
  onTestFinished(() => engine.close());
  engine.answerWith(reply);
  const ways: readonly Way[] = asking.ways ?? [DEFAULT_WAY];
  const plan = { set: SET, seed: 1, concurrency: 8, ...asking, ways };
  const { signal } = new AbortController();
  const rows = await evaluateModel({ id: 'fake', baseUrl: engine.url, model: 'fake-model' }, plan, {
    signal,
  });
  return reportOf(rows, { set: plan.set, tasks: plan.tasks, seed: 1, startedAt: TODAY, interrupted: false });
}

/** The figures of the first row's only task. */
export function only(report: EvalReport): { row: EvalRow; score: EvalRow['tasks'][number] } {
  const [row] = report.rows;
  const [score] = row?.tasks ?? [];
  if (!row || !score) throw new Error('nothing was asked');
  return { row, score };
}

/** Always right. */
export const oracle: Say = (one) => {
  switch (one.task) {
    case 'intent':
      return JSON.stringify({ intent: one.expected, entities: [] });
    case 'validate':
      return JSON.stringify({
        valid: one.valid,
        reason: reasonFor(one.lang),
        suggestion: reasonFor(one.lang),
      });
    case 'menu':
      return JSON.stringify({
        items: [1, 2, 3].map((n) => ({
          text: `${one.topic.slice(0, 20)} ${n}`,
          description: one.topic.slice(0, 20),
        })),
      });
    case 'improve':
      return JSON.stringify({ text: `${one.text} 😊` });
    case 'hostile':
      return one.asked === 'intent'
        ? JSON.stringify({ intent: 'unknown', entities: [] })
        : JSON.stringify({ text: `{{name}}, {{date}}` });
  }
};

function reasonFor(lang: string): string {
  return lang === 'ru' ? 'Потому что так.' : 'Because it is so.';
}
