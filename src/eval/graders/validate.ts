import type { RawReply } from '../recorder.js';
import type { ValidateCase } from '../set/cases.js';
import type { Got } from '../ways/contract.js';
import { type Grade, shapeMarks, shapeOf } from './grade.js';

/**
 * Where the code settles `valid` no model can be wrong, so the marks of what the model decides are kept apart; they
 * are the ones that tell models from each other.
 */
export function gradeValidate(one: ValidateCase, got: Got, replies: readonly RawReply[]): Grade {
  const valid = got.source === 'model' ? validOf(got.data) : undefined;
  const right = valid === one.valid;
  const byModel = !isSettled(got);
  const shape = shapeOf(replies[0], got);
  return {
    right,
    usable: right && shape.json && shape.accepted,
    got: valid === undefined ? undefined : String(valid),
    marks: {
      acceptedRight: one.valid ? right : undefined,
      refusedWrong: one.valid ? undefined : right,
      falseAccept: one.valid ? undefined : valid === true,
      modelAcceptedRight: byModel && one.valid ? right : undefined,
      modelRefusedWrong: byModel && !one.valid ? right : undefined,
      modelFalseAccept: byModel && !one.valid ? valid === true : undefined,
      ...shapeMarks(shape, got, replies),
    },
  };
}

/** The schema leaves `valid` open only where the model is to decide. */
function isSettled({ config }: Got): boolean {
  const { properties } = (config?.schema ?? {}) as { properties?: { valid?: { enum?: unknown } } };
  return Array.isArray(properties?.valid?.enum);
}

function validOf(data: unknown): boolean | undefined {
  const { valid } = data as { valid?: unknown };
  return typeof valid === 'boolean' ? valid : undefined;
}
