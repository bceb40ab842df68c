import type { ErrorCode } from '../../errors.js';
import type { JsonSchema } from '../../prompts/json-schema.js';
import type { TransportReply } from '../transport/contract.js';

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

/**
 * Counts the tokens of a request's body as the engine will read it, template included.
 * @returns null when the engine did not say
 */
export type CountTokens = (
  body: Readonly<Record<string, unknown>>,
  send: (path: string, body: Readonly<Record<string, unknown>>) => Promise<TransportReply>,
) => Promise<number | null>;

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
  /** For a family that can count, and does not refuse by itself what leaves no room for an answer. */
  readonly count?: CountTokens;
  /** The code for a refusal that the common table does not know or gets wrong. */
  classify?(refusal: EngineRefusal): ErrorCode | undefined;
}
