import type { ServerTimings, ServerUsage } from './read-event.js';

/** How a request ended that did not end well; the text is a key of `errors.by` in reports. */
export type Failure =
  | 'timeout'
  | 'refused'
  | 'reset'
  | 'cut'
  | 'stream_error'
  | 'no_answer'
  | 'invalid_answer'
  | `http_${number}`;

/** One request as it was understood. Moments as in `RawTrace`; what did not happen is absent. */
export interface RequestTrace {
  scheduledAt: number;
  sentAt: number;
  headAt?: number | undefined;
  /** The first event of any kind. */
  firstEventAt?: number | undefined;
  /** Events with a choice of any kind, a bare role and the finish among them: what other tools go by. */
  choices?: { firstAt: number; lastAt: number; count: number } | undefined;
  /** The first content that is no reasoning. */
  firstOutputAt?: number | undefined;
  /** Every event that brought content, reasoning or a tool's text. */
  contentAt: readonly number[];
  /** Characters of the first such event, and of all. */
  characters: { first: number; all: number };
  /** Tokens of the first content event, where the server said so. */
  firstTokens?: number | undefined;
  /** Tokens listed by number in the events. */
  tokenIds?: number | undefined;
  /** Tokens of the whole text, by the engine's `/tokenize`. */
  tokenized?: number | undefined;
  usage?: ServerUsage | undefined;
  timings?: ServerTimings | undefined;
  finish?: string | undefined;
  endAt: number;
  failure?: Failure | undefined;
  /** One line of what the server said of it. */
  reason?: string | undefined;
  /** It came in one piece on purpose: there is no first token to be seen. */
  unstreamed?: true | undefined;
  /** The run was over before the request was; it counts nowhere. */
  stopped?: true | undefined;
}
