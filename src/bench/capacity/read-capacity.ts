import { z } from 'zod';
import { BotllmError } from '../../errors.js';
import { messages } from '../messages.js';
import { CAPACITY_SCHEMA } from './keep.js';

const count = z.number().int().nonnegative();
const Trial = z.looseObject({ users: count, shares: z.array(z.number()) });

/** What of a capacity is made again from its requests; all else stays as it was. */
const Capacity = z.looseObject({
  perUser: z.number().positive(),
  e2eMs: z.number().positive(),
  share: z.number(),
  users: count,
  tooMany: count.optional(),
  perSecond: z.number(),
  probes: z.array(z.object({ users: count, attempted: count, good: count, passed: z.boolean() })),
  verification: z.looseObject({ carried: Trial, overloaded: Trial, held: z.boolean() }).optional(),
  interrupted: z.boolean().optional(),
  reportId: z.string().optional(),
  requestsFile: z.string().optional(),
  loads: z
    .array(
      z.discriminatedUnion('step', [
        z.object({ step: z.literal('ladder'), atOnce: count }),
        z.object({ step: z.literal('probe'), users: count }),
        z.object({ step: z.literal('verify'), users: count, at: count, of: count }),
      ]),
    )
    .default([]),
});
export type Capacity = z.infer<typeof Capacity>;

/**
 * A capacity as `bench capacity -o` wrote it.
 * @returns nothing for another document
 * @throws BotllmError `USAGE` for one that is damaged
 */
export function readCapacity(document: unknown, file: string): Capacity | undefined {
  const known = z.looseObject({ schema: z.literal(CAPACITY_SCHEMA) }).safeParse(document);
  if (!known.success) return undefined;
  const found = Capacity.safeParse(known.data.data);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw new BotllmError('USAGE', messages.brokenCapacity(file), {
    detail: issue && `${issue.path.join('.')}: ${issue.message}`,
    hint: messages.capacityIsJsonHint,
    cause: found.error,
  });
}
