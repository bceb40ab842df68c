import type { z } from 'zod';
import { BotllmError, isBotllmError } from '../errors.js';
import type { ChatMessage } from '../types.js';
import { tokenBound } from './answer-bound.js';
import { type JsonSchema, toJsonSchema } from './json-schema.js';
import { MESSAGES, REFUSALS } from './messages.js';
import type { AnswerFacts, LabelQuestion, PromptConfig, TaskEvent } from './prompt-config.js';

/** A solved case, shown to the model before the question. */
export interface PromptExample<Answer> {
  user: string;
  answer: Answer;
}

/** The texts of one question. What is constant for a task comes first, the user's text last. */
export interface PromptText {
  system: string;
  user: string;
  /** Tokens of the longest answer; by default computed from the schema's bounds. */
  maxTokens?: number;
  /** 0 by default: the likeliest answer, and the same one each time. */
  temperature?: number;
}

export interface PromptDefinition<Input, Answer, Data> {
  /** The task's name: a word of letters, digits and `_`, at most 32. */
  id: string;
  /** Raise it with every change of text or schema. */
  version: number;
  /** The answer's shape; the engine gets it as JSON Schema, and every answer is checked against it. */
  schema: (input: Input) => z.ZodType<Answer>;
  /** The engine's form of the schema where zod's own is not portable enough. */
  jsonSchema?: (input: Input) => JsonSchema;
  examples?: (input: Input) => readonly PromptExample<Answer>[];
  /** @throws BotllmError `INVALID_REQUEST` for input that cannot be asked about */
  build: (input: Input) => PromptText;
  /** Names the property that is a choice between labels, so that its probability can be had. */
  label?: (input: Input) => LabelQuestion;
  /** The task's own check and the data it gives. What it throws is a reason to ask the model once more. */
  check: (answer: Answer, input: Input, facts: AnswerFacts) => Data;
  /** Told for every answer that was taken. */
  event?: TaskEvent;
  /** What the task gives when the model cannot be asked or talks nonsense. Without it the call throws. */
  fallback?: (input: Input) => Data;
}

/**
 * Makes a task out of its texts, shape and checks: a function from input to a prompt config for `complete`.
 * @example
 * const mood = definePrompt({
 *   id: 'mood', version: 1,
 *   schema: () => z.object({ mood: z.enum(['good', 'bad']) }),
 *   build: (input: { text: string }) => ({ system: 'Tell the mood of the text.', user: input.text }),
 *   check: (answer) => answer,
 * });
 * const { data } = await llm.complete(mood({ text: 'What a day!' }));
 */
export function definePrompt<Input, Answer, Data>(
  definition: PromptDefinition<Input, Answer, Data>,
): (input: Input) => PromptConfig<Data> {
  return (input) => {
    const text = definition.build(input);
    const zodSchema = definition.schema(input);
    const schema = definition.jsonSchema?.(input) ?? toJsonSchema(zodSchema);
    const maxTokens = text.maxTokens ?? tokenBound(schema);
    if (maxTokens === null) throw new BotllmError('INVALID_REQUEST', REFUSALS.unboundedAnswer(definition.id));
    const { fallback, label, event } = definition;
    return {
      id: definition.id,
      version: definition.version,
      messages: toMessages(text, definition.examples?.(input) ?? []),
      schema,
      maxTokens,
      temperature: text.temperature ?? 0,
      accept: (answer, facts) => accept(answer, facts, input, zodSchema, definition.check),
      ...(label && { label: label(input) }),
      ...(event && { event }),
      ...(fallback && { fallback: () => fallback(input) }),
    };
  };
}

function toMessages<Answer>(text: PromptText, examples: readonly PromptExample<Answer>[]): ChatMessage[] {
  return [
    { role: 'system', content: text.system },
    ...examples.flatMap(({ user, answer }): ChatMessage[] => [
      { role: 'user', content: user },
      { role: 'assistant', content: JSON.stringify(answer) },
    ]),
    { role: 'user', content: text.user },
  ];
}

function accept<Input, Answer, Data>(
  answer: unknown,
  facts: AnswerFacts,
  input: Input,
  schema: z.ZodType<Answer>,
  check: PromptDefinition<Input, Answer, Data>['check'],
): Data {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
    throw new BotllmError('INVALID_ANSWER', MESSAGES.notTheShape(`${where}${issue?.message ?? ''}`));
  }
  try {
    return check(parsed.data, input, facts);
  } catch (cause) {
    if (isBotllmError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BotllmError('INVALID_ANSWER', MESSAGES.notTheShape(reason), { cause });
  }
}
