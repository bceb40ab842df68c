import { parseJsonResponse } from '../../prompts/json.js';
import type { RawReply } from '../recorder.js';
import type { Got } from '../ways/contract.js';

/** Raised with every change of what counts as right; figures of different versions are not compared. */
export const GRADERS = 'botllm-graders/1';

/** What is said of one answer. A mark that does not apply is absent. */
export interface Grade {
  /** The bot did what was right by the truth of the case. */
  right: boolean;
  /** The model's first answer, as it came, was right: no repair, no second question, no stand-in. */
  usable: boolean;
  /** Each is counted over the answers that have it. */
  marks: Readonly<Record<string, boolean | undefined>>;
  /** What the bot would have got, for the report's list of answers. */
  got?: string | undefined;
}

/** The first answer's form, before any second question. */
export interface Shape {
  /** Strict JSON, and an object. */
  json: boolean;
  /** It became an object only by reading round prose or by repair. */
  repaired: boolean;
  /** It passes the schema and the task's own check, repaired or not. */
  accepted: boolean;
  object?: Record<string, unknown> | undefined;
}

export function shapeOf(first: RawReply | undefined, { config }: Got): Shape {
  if (!first) return { json: false, repaired: false, accepted: false };
  const strict = objectOf(() => JSON.parse(first.text));
  const object =
    strict ??
    objectOf(() =>
      parseJsonResponse(first.text, { finishReason: first.finishReason === 'stop' ? 'stop' : null }),
    );
  return {
    json: strict !== undefined,
    repaired: strict === undefined && object !== undefined,
    accepted: object !== undefined && first.finishReason === 'stop' && accepts(config, object),
    object,
  };
}

/** Marks that every answer in JSON has. */
export function shapeMarks(shape: Shape, got: Got, replies: readonly RawReply[]): Grade['marks'] {
  return {
    jsonStrict: shape.json,
    repaired: shape.repaired,
    firstAccepted: shape.accepted,
    reasked: replies.length > 1,
    valid: got.source === 'model',
  };
}

function accepts(config: Got['config'], object: Record<string, unknown>): boolean {
  if (!config) return false;
  try {
    config.accept(object, { confidence: null });
    return true;
  } catch {
    return false;
  }
}

function objectOf(read: () => unknown): Record<string, unknown> | undefined {
  try {
    const value = read();
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
