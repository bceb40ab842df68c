import { UNKNOWN_INTENT } from '../../prompts/intent.js';
import type { RawReply } from '../recorder.js';
import type { IntentCase, IntentQuestionSet } from '../set/cases.js';
import type { Got } from '../ways/contract.js';
import { type Grade, shapeMarks, shapeOf } from './grade.js';

/** A stand-in is never right, not even where `unknown` would have been: the model did not say it. */
export function gradeIntent(
  one: IntentCase,
  got: Got,
  replies: readonly RawReply[],
  { labels }: IntentQuestionSet,
): Grade {
  const intent = got.source === 'model' ? intentOf(got.data) : undefined;
  const right = intent === one.expected;
  const isOut = one.expected === UNKNOWN_INTENT;
  const marks = { outOfScope: isOut ? right : undefined, inScope: isOut ? undefined : right };
  if (!got.config) {
    return { right, usable: right, got: intent, marks: { ...marks, valid: intent !== undefined } };
  }
  const shape = shapeOf(replies[0], got);
  const said = shape.object && intentOf(shape.object);
  const inSet = labels.some(({ name }) => name === said) || said === UNKNOWN_INTENT;
  return {
    right,
    usable: right && shape.json && shape.accepted,
    got: intent,
    marks: { ...marks, inSet: shape.object ? inSet : undefined, ...shapeMarks(shape, got, replies) },
  };
}

export function intentOf(data: unknown): string | undefined {
  const { intent } = data as { intent?: unknown };
  return typeof intent === 'string' ? intent : undefined;
}
