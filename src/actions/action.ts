import { z } from 'zod';
import { BotllmError } from '../errors.js';
import { MESSAGES } from './messages.js';
import { PARSE_MODES } from './parse-modes.js';

export const REPLY_TEMPLATE = 'action.reply_template.v1';

const Button = z.looseObject({ text: z.string().min(1) });

/** What a bot platform writes; fields that are not botllm's stay as they are. */
const ReplyTemplate = z.looseObject({
  type: z.literal(REPLY_TEMPLATE),
  params: z.looseObject({
    text: z.string().refine((text) => text.trim() !== '', 'must not be empty'),
    llm_improve: z.boolean().optional(),
    parse_mode: z.enum(PARSE_MODES).optional(),
    tone: z.string().optional(),
    keyboard: z.union([z.array(Button), z.array(z.array(Button))]).optional(),
  }),
});
export type ReplyTemplate = z.infer<typeof ReplyTemplate>;

/** @throws BotllmError `INVALID_REQUEST`, naming the path of the first fault */
export function parseReplyTemplate(action: unknown): ReplyTemplate {
  const parsed = ReplyTemplate.safeParse(action);
  if (parsed.success) return parsed.data;
  const { path, message } = deepest(parsed.error.issues);
  const where = path.length === 0 ? 'its top' : path.join('.');
  throw new BotllmError('INVALID_REQUEST', MESSAGES.badAction(where, message), {
    hint: MESSAGES.badActionHint,
  });
}

type Issue = z.core.$ZodIssue;

/** Of a choice between shapes, the fault in the one that came furthest. */
function deepest(issues: readonly Issue[]): { path: PropertyKey[]; message: string } {
  const [first] = issues;
  if (first?.code !== 'invalid_union') return { path: first?.path ?? [], message: first?.message ?? '' };
  const inner = first.errors
    .map(deepest)
    .reduce<ReturnType<typeof deepest> | null>(
      (best, one) => (best === null || one.path.length > best.path.length ? one : best),
      null,
    );
  return { path: [...first.path, ...(inner?.path ?? [])], message: inner?.message ?? first.message };
}
