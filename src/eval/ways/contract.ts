import type { CompleteOptions, LlmClient } from '../../client/client.js';
import type { PromptConfig } from '../../prompts/prompt-config.js';
import type { AnswerSource } from '../../types.js';
import type { BodyChange, RawReply } from '../recorder.js';
import type { EvalCase, IntentQuestionSet, TaskName } from '../set/cases.js';

/** What a way needs to ask one question. */
export interface Call {
  llm: LlmClient;
  /** For every request of this call; the request id ties the replies to it. */
  options: CompleteOptions;
  /** What the engine has answered so far. */
  replies: readonly RawReply[];
  /** Changes the bodies of the requests that follow. */
  change(change: BodyChange): void;
  set: IntentQuestionSet;
}

/** What came of a question. */
export interface Got {
  /** What a bot would get: the task's data; for `fallback` the stand-in. */
  data: unknown;
  source: AnswerSource;
  /** As the client calls it: the configured, else the served name. */
  model: string;
  /** Code of the error behind a fallback. */
  error?: string | undefined;
  attempts: number;
  latencyMs: number;
  /** The question, where its answer is JSON whose shape can be judged. */
  config?: PromptConfig<unknown> | undefined;
}

/**
 * One way of putting questions to a model. All go through the same guarded client; they differ in what they ask for
 * and how they read it. Another way is another entry of the list.
 */
export interface Way {
  /** A word for options and reports. */
  name: string;
  summary: string;
  tasks: readonly TaskName[];
  ask(question: EvalCase, call: Call): Promise<Got>;
}
