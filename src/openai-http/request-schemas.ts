import { z } from 'zod';
import { wireMessages } from './messages.js';
import { invalidRequest } from './wire-error.js';

const TextPart = z.object({ type: z.literal('text', wireMessages.textPartsOnly), text: z.string() });

const Content = z.union([
  z.string(),
  z.array(TextPart).transform((parts) => parts.map((p) => p.text).join('')),
]);

const Message = z.object({
  // `developer` is what newer OpenAI models call the system role; templates know only `system`.
  role: z
    .enum(['system', 'developer', 'user', 'assistant'])
    .transform((role) => (role === 'developer' ? ('system' as const) : role)),
  content: Content,
});
export type WireMessage = z.infer<typeof Message>;

const Schema = z.record(z.string(), z.unknown());

const ResponseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object'), schema: Schema.optional() }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({ name: z.string().optional(), schema: Schema }),
  }),
]);
export type WireResponseFormat = z.infer<typeof ResponseFormat>;

/**
 * Fields that both completions share. An object of zod drops what it does not name, so fields that other
 * servers know are ignored; a client sends null for "not set", hence the nullish ones.
 */
const shared = {
  model: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  n: z.literal(1, wireMessages.oneChoiceOnly).nullish(),
  response_format: ResponseFormat.nullish(),
};

export const ChatCompletionRequest = z.object({
  ...shared,
  messages: z.array(Message).min(1, wireMessages.noMessages),
  max_completion_tokens: z.number().int().min(1).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
});
export type ChatCompletionRequest = z.infer<typeof ChatCompletionRequest>;

export const CompletionRequest = z.object({
  ...shared,
  prompt: z.string().min(1),
});
export type CompletionRequest = z.infer<typeof CompletionRequest>;

/** llama-server's questions for the number of tokens: the prompt that messages make, and a prompt's tokens. */
export const ApplyTemplateRequest = z.object({ messages: z.array(Message).min(1, wireMessages.noMessages) });
export const TokenizeRequest = z.object({ content: z.string().min(1) });

/**
 * Reads a body by its schema; a 400 names the first field that is wrong.
 * @param sentAs what the client calls a field of the schema
 */
export function parseRequest<T>(
  schema: z.ZodType<T>,
  body: unknown,
  sentAs: (field: string) => string = (field) => field,
): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const [field, ...inside] = issue?.path ?? [];
  const param = field === undefined ? undefined : [sentAs(String(field)), ...inside].join('.');
  const message = issue?.message ?? '';
  throw invalidRequest(param === undefined ? message : `${param}: ${message}`, param);
}
