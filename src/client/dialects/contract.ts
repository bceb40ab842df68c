import type { ErrorCode } from '../../errors.js';
import type { JsonSchema } from '../../prompts/json-schema.js';

export type DialectName = 'llamacpp' | 'vllm' | 'tgi' | 'ollama' | 'openai';

/** What an engine said when it refused, whatever its shape was. */
export interface EngineRefusal {
  status: number;
  /** `error.type`, `error_type`, or ''. */
  type: string;
  /** `error.code` as text, or ''. */
  code: string;
  message: string;
}

/** What is peculiar to a family of engines: pure data and functions. */
export interface Dialect {
  readonly name: DialectName;
  /** Body fields that hold the answer to a schema. */
  structured(name: string, schema: JsonSchema): Record<string, unknown>;
  /** Body fields that keep a thinking model from thinking aloud. */
  readonly thinkingOff: Readonly<Record<string, unknown>>;
  /** How many rivals of a token can be asked for beside an answer; 0: none. */
  readonly topLogprobs: number;
  /** Its names for a whole and a cut answer beside `stop` and `length`. */
  readonly finishReasons: Readonly<Record<string, 'stop' | 'length'>>;
  /** Body fields that the family does not take as they are; `undefined` removes one. */
  adjust?(body: Record<string, unknown>): Record<string, unknown>;
  /** The code for a refusal that the common table does not know or gets wrong. */
  classify?(refusal: EngineRefusal): ErrorCode | undefined;
}
