import { metricsOf } from './metrics.js';
import type { RequestTrace } from './request-trace.js';

/** Tools that use the same words for other figures. */
export const OTHER_TOOLS = [
  'vllm',
  'guidellm',
  'aiperf',
  'llama-benchy',
  'inference-perf',
  'llmperf',
  'genai-perf',
] as const;
export type OtherTool = (typeof OTHER_TOOLS)[number];

/** What a tool calls by these words; absent where it has no such figure, or cannot tell it of this answer. */
export interface ToolFigures {
  ttftMs?: number | undefined;
  itlMs?: number | undefined;
  tpotMs?: number | undefined;
}

/**
 * What the formulas of other tools make of the very same answer, in milliseconds, as read in their sources: vLLM
 * 009e6d4a (`benchmarks/lib/endpoint_request_func.py`), guidellm ee7a7745 (`schemas/request_stats.py`), aiperf
 * 0176f594 (`docs/metrics-reference.md`), llama-benchy 218200c (`client.py`), inference-perf 7de5ef2e, llmperf
 * f1d6bed4, genai-perf 00afbedf. Tokens are counted as ours are, whichever tokenizer the tool would take.
 * @returns null for a request without figures
 */
export function otherTools(trace: RequestTrace): Record<OtherTool, ToolFigures> | null {
  const ours = metricsOf(trace);
  const { contentAt, choices, sentAt, firstOutputAt, firstEventAt, firstTokens } = trace;
  const [first, last] = [contentAt[0], contentAt.at(-1)];
  if (!ours || trace.unstreamed || first === undefined || last === undefined) return null;
  const tokens = ours.outputTokens;
  const ttftMs = first - sentAt;
  const per = (ms: number, count: number) => (count > 0 ? ms / count : undefined);
  const afterFirst = per(last - first, tokens - 1);
  return {
    // Any event with a choice is the first token, and the finish is the last.
    vllm: choices
      ? {
          ttftMs: choices.firstAt - sentAt,
          itlMs: per(choices.lastAt - choices.firstAt, choices.count - 1),
          tpotMs: per(choices.lastAt - choices.firstAt, tokens - 1),
        }
      : {},
    // Its TPOT holds the wait for the first token as well.
    guidellm: { ttftMs, itlMs: afterFirst, tpotMs: per(last - sentAt, tokens) },
    aiperf: { ttftMs, itlMs: afterFirst, tpotMs: afterFirst },
    'llama-benchy': {
      ttftMs,
      tpotMs: contentAt.length > 1 ? per(last - first, tokens - (firstTokens ?? 1)) : undefined,
    },
    // It does not see reasoning.
    'inference-perf': inferencePerf(trace, firstOutputAt, last, tokens),
    // All the time over all events.
    llmperf: { ttftMs, itlMs: per(last - sentAt, contentAt.length) },
    'genai-perf': {
      ttftMs: firstEventAt === undefined ? undefined : firstEventAt - sentAt,
      // A pause is divided by the tokens behind it, which is known where each event is a token.
      itlMs: contentAt.length === tokens ? per(last - first, contentAt.length - 1) : undefined,
    },
  };
}

function inferencePerf(
  { sentAt }: RequestTrace,
  firstOutputAt: number | undefined,
  last: number,
  tokens: number,
): ToolFigures {
  if (firstOutputAt === undefined) return {};
  const each = tokens > 1 ? (last - firstOutputAt) / (tokens - 1) : undefined;
  return { ttftMs: firstOutputAt - sentAt, itlMs: each, tpotMs: each };
}
