import type { ChatMessage } from '../types.js';
import type { JsonSchema } from './json-schema.js';

/** Which property of the answer is a choice between labels; its probability becomes the confidence. */
export interface LabelQuestion {
  property: string;
  labels: readonly string[];
}

/** What is known about an answer beside its text. */
export interface AnswerFacts {
  /** Probability of the chosen label among all labels, 0 to 1; null where the engine gives none. */
  confidence: number | null;
}

/** Events that belong to a task and not to every call. */
export type TaskEvent = 'llm_text_improved';

/** One question to a model: what `BotPromptConfigs.*` returns and `complete` takes. */
export interface PromptConfig<Data> {
  /** The task's name, as in cache keys and events. */
  readonly id: string;
  /** Raised with every change of text or schema: answers of another version are not taken from the cache. */
  readonly version: number;
  readonly messages: readonly ChatMessage[];
  readonly schema: JsonSchema;
  /** Enough for the longest answer that the schema allows. */
  readonly maxTokens: number;
  readonly temperature: number;
  readonly label?: LabelQuestion;
  /** An event of its own for every answer of the model that was taken, fresh or cached. */
  readonly event?: TaskEvent;
  /**
   * The task's data out of the answer's JSON object.
   * @throws BotllmError `INVALID_ANSWER` with a reason that can be shown to the model
   */
  accept(answer: unknown, facts: AnswerFacts): Data;
  /** What the task gives when the model cannot; a task without it throws. */
  fallback?(): Data;
}
