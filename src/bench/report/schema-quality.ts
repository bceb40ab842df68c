import { z } from 'zod';

const Interval = z.tuple([z.number(), z.number()]);

/** A share with its 95 % interval; `n` is what it was counted over. */
export const Share = z.object({ rate: z.number(), ci95: Interval, n: z.number().int().optional() });

/** What the quality set says of one model asked in one way. */
export const Quality = z.object({
  set: z.string(),
  set_sha256: z.string(),
  /** How it was asked: `schema`, `turns`, `label`, … */
  way: z.string(),
  n: z.number().int(),
  /** Answers that a bot can use as they are; the headline. */
  usable: Share,
  /** Figures of each task (`intent`, `improve`, `validate`, `menu`), 0 to 1. */
  tasks: z.record(z.string(), z.record(z.string(), z.number())),
});
export type Quality = z.infer<typeof Quality>;
