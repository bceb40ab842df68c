import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { BotllmError } from '../errors.js';
import { tokenBound } from '../prompts/answer-bound.js';
import { definePrompt } from '../prompts/define-prompt.js';
import { delimit } from '../prompts/delimit.js';
import type { PromptConfig } from '../prompts/prompt-config.js';
import { messages } from './messages.js';
import { badPrompt, reasonOf } from './prompt-fault.js';

const INPUT = '{{input}}';

/** Unknown keys are mistakes: a `sytem` would be missed by nobody but the model. */
const FILE = z.strictObject({
  id: z.string().regex(/^\w{1,32}$/, messages.promptId),
  version: z.int().nonnegative(),
  schema: z.record(z.string(), z.unknown()),
  system: z.string().min(1),
  user: z.string().includes(INPUT, { error: messages.promptInput }),
  examples: z.array(z.strictObject({ input: z.string(), answer: z.unknown() })).default([]),
  fallback: z.unknown().optional(),
  maxTokens: z.int().positive().optional(),
  temperature: z.number().min(0).max(2).optional(),
});
type File = z.infer<typeof FILE>;

/**
 * A prompt as data: `id`, `version`, `schema` (JSON Schema of the answer), `system`, `user` (a template with
 * `{{input}}`, where the user's text is put between tags), and where wanted `examples` (`input` and `answer`),
 * `fallback`, `maxTokens` (needed where the schema does not bound the answer), `temperature`.
 * @throws BotllmError `BAD_CONFIG` naming file and key
 */
export async function loadYamlPrompt(
  full: string,
  file: string,
): Promise<(text: string) => PromptConfig<unknown>> {
  const parsed = FILE.safeParse(await readYaml(full, file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue?.path.join('.');
    throw badPrompt(file, key || '.', issue?.message ?? '');
  }
  const prompt = parsed.data;
  const answer = answerShape(prompt.schema, file);
  if (prompt.maxTokens === undefined && tokenBound(prompt.schema) === null) {
    throw badPrompt(file, 'maxTokens', messages.promptMaxTokens);
  }
  for (const [index, example] of prompt.examples.entries()) {
    requireShape(answer, example.answer, file, `examples.${index}.answer`);
  }
  const hasFallback = prompt.fallback !== undefined;
  if (hasFallback) requireShape(answer, prompt.fallback, file, 'fallback');
  return definePrompt<string, unknown, unknown>({
    id: prompt.id,
    version: prompt.version,
    schema: () => answer,
    jsonSchema: () => prompt.schema,
    examples: () =>
      prompt.examples.map(({ input, answer: said }) => ({ user: filled(prompt, input), answer: said })),
    build: (text) => ({
      system: prompt.system,
      user: filled(prompt, text),
      ...(prompt.maxTokens === undefined ? {} : { maxTokens: prompt.maxTokens }),
      ...(prompt.temperature === undefined ? {} : { temperature: prompt.temperature }),
    }),
    check: (said) => said,
    ...(hasFallback && { fallback: () => prompt.fallback }),
  });
}

async function readYaml(full: string, file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(full, 'utf8');
  } catch (cause) {
    throw new BotllmError('USAGE', messages.noPromptFile(file), { detail: reasonOf(cause), cause });
  }
  // Loaded for those who write YAML, and for nobody else.
  const { parse } = await import('yaml');
  try {
    return parse(text);
  } catch (cause) {
    throw badPrompt(file, 'yaml', reasonOf(cause), { cause });
  }
}

function answerShape(schema: Record<string, unknown>, file: string): z.ZodType<unknown> {
  if (schema.type !== 'object') throw badPrompt(file, 'schema.type', messages.promptObject);
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (cause) {
    throw badPrompt(file, 'schema', reasonOf(cause), { cause });
  }
}

function requireShape(shape: z.ZodType<unknown>, value: unknown, file: string, key: string): void {
  const { error } = shape.safeParse(value);
  const [issue] = error?.issues ?? [];
  if (issue) throw badPrompt(file, [key, ...issue.path].join('.'), issue.message);
}

/** A function for the replacement, so that `$&` in a user's text stays what it is. */
function filled({ user }: File, text: string): string {
  return user.replaceAll(INPUT, () => delimit(text));
}
