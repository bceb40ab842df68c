import { z } from 'zod';

/** Whose quota the call uses; wins over `X-User-Id`. */
const caller = { userId: z.string().max(256).nullish() };
const ITEM = z.object({ text: z.string(), description: z.string().default('') });
const optional = <T extends z.ZodType>(type: T) =>
  type
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();

/** The bodies of `POST /v1/bot/…`: the fields of the library's functions, which check what is in them. */
export const IntentRequest = z.object({
  message: z.string(),
  availableIntents: z.array(z.string()).min(1),
  descriptions: optional(z.record(z.string(), z.string())),
  ...caller,
});
export const ValidateRequest = z.object({
  userInput: z.string(),
  expectation: z.string(),
  /** The day that "tomorrow" counts from; without an offset in the gateway's time zone. */
  now: optional(z.union([z.iso.datetime({ offset: true, local: true }), z.iso.date()])),
  ...caller,
});
export const MenuRequest = z.object({
  topic: z.string(),
  context: optional(z.string()),
  fallbackItems: optional(z.array(ITEM)),
  ...caller,
});
export const ImproveRequest = z.object({ text: z.string(), tone: optional(z.string()), ...caller });

/** A Python bot writes `available_intents`; both spellings are one field. */
export function inCamelCase(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [camelCase(name), value]));
}

/** The field in the body's own spelling, for whoever reads what is wrong with it. */
export function asSent(body: unknown, field: string): string {
  const names = typeof body === 'object' && body !== null ? Object.keys(body) : [];
  return names.findLast((name) => camelCase(name) === field) ?? field;
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
