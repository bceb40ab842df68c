import type { RawReply } from '../recorder.js';
import type { EvalCase, IntentQuestionSet } from '../set/cases.js';
import type { Got } from '../ways/contract.js';
import type { Grade } from './grade.js';
import { gradeHostile } from './hostile.js';
import { gradeImprove } from './improve.js';
import { gradeIntent } from './intent.js';
import { gradeMenu } from './menu.js';
import { gradeValidate } from './validate.js';

/** Each task has one grader; none asks another model. */
export function grade(one: EvalCase, got: Got, replies: readonly RawReply[], set: IntentQuestionSet): Grade {
  switch (one.task) {
    case 'intent':
      return gradeIntent(one, got, replies, set);
    case 'validate':
      return gradeValidate(one, got, replies);
    case 'menu':
      return gradeMenu(one, got, replies);
    case 'improve':
      return gradeImprove(one, got, replies);
    case 'hostile':
      return gradeHostile(one, got, replies, set);
  }
}
