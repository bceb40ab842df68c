import * as z from '../../zod.js';

/** A name that whoever answers on a port gives itself: it is printed, and read by shells (`status --env`). */
const Name = z.string().check(z.regex(/^[^\p{Cc}\p{Bidi_Control}\u2028\u2029]*$/u));

/**
 * `GET /health`. 200 only once a token was made. Until then 503 with the phase and, where it is known,
 * the progress (0 to 1), beside OpenAI's error shape.
 */
export const HealthReply = z.object({
  status: z.enum(['ok', 'loading', 'stopping']),
  instanceId: z.string(),
  phase: z.enum(['checks', 'load', 'context', 'probe', 'ready', 'stopping']),
  progress: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
  model: Name,
  device: z.optional(Name),
  context: z.optional(z.number()),
  slots: z.optional(z.number()),
  busy: z.optional(z.number()),
  queued: z.optional(z.number()),
  startedAt: z.string(),
  version: z.string(),
  pid: z.number(),
});
export type HealthReply = z.infer<typeof HealthReply>;
