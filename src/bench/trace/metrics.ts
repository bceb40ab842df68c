import type { RequestTrace } from './request-trace.js';

/**
 * Where a count of output tokens comes from: the server's `usage`, the token numbers in its events, its tokenizer
 * for the whole text, or, where it gives none of these, its events themselves, which are no tokens (such figures are
 * printed with `~`).
 */
export type TokenSource = 'usage' | 'token_ids' | 'tokenize' | 'chunks';

/**
 * `first_chunk_assumed`: the server did not say how many tokens its first event held, and events are not tokens
 * here; it is taken by its share of the text. `cached`: more of the prompt came from a cache than
 * 1 % or a chat template's head.
 */
export type RequestFlag = 'first_chunk_assumed' | 'cached';

/** Figures of one request that was answered, in milliseconds and tokens; what was not measured is absent. */
export interface RequestMetrics {
  /** `sentAt − scheduledAt`: how late the instrument itself was. */
  lagMs: number;
  /** To the headers. */
  ttfbMs?: number | undefined;
  /** Time to the first content token, reasoning and tool text included, a bare role not. */
  ttftMs?: number | undefined;
  /** The same, from the moment at which the request was meant to go out. */
  ttftScheduledMs?: number | undefined;
  /** To the first content that is no reasoning. */
  ttfoMs?: number | undefined;
  /** Time per output token after the first: `(tN − t1) / (n − n1)`, n1 = tokens in the first content event. */
  tpotMs?: number | undefined;
  /** `1000 / tpot`. */
  decodeTps?: number | undefined;
  /** Pauses between content events; never called inter-token, because an event is no token. */
  gapsMs: readonly number[];
  /** To the last content. */
  e2eMs?: number | undefined;
  e2eScheduledMs?: number | undefined;
  /** `(n_prompt − n_cached) / ttft`: an underestimate, for TTFT also holds queue, network and one decoding step. */
  prefillTpsClient?: number | undefined;
  /** By the server's own clock (`timings`). */
  prefillTpsServer?: number | undefined;
  decodeTpsServer?: number | undefined;
  outputTokens: number;
  tokenSource: TokenSource;
  promptTokens?: number | undefined;
  cachedTokens?: number | undefined;
  chunksPerToken: number;
  finish?: string | undefined;
  flags: readonly RequestFlag[];
}

/** With fewer tokens between first and last, one late packet is the figure. */
const MIN_TOKENS_AFTER_FIRST = 8;
/** A rate over fewer tokens says more of the overhead than of the engine. */
const MIN_PREFILL_TOKENS = 64;
const MAX_CACHED_SHARE = 0.01;
/** What a chat template puts before every text is always shared; it is no cached prompt. */
const TEMPLATE_TOKENS = 16;

/** The figures of a request; null for one that failed, was stopped or said nothing. */
export function metricsOf(trace: RequestTrace): RequestMetrics | null {
  const { contentAt, sentAt, scheduledAt, usage, timings } = trace;
  const first = contentAt[0];
  const final = contentAt.at(-1);
  if (trace.failure !== undefined || trace.stopped || first === undefined || final === undefined) return null;
  const { tokens, source } = outputTokens(trace);
  const firstShare = tokensOfFirst(trace, tokens);
  const after = tokens - firstShare.tokens;
  const tpotMs =
    contentAt.length > 1 && after >= MIN_TOKENS_AFTER_FIRST ? (final - first) / after : undefined;
  const promptTokens = usage?.promptTokens;
  const cachedTokens = usage?.cachedTokens ?? timings?.cachedTokens;
  const isCached = (cachedTokens ?? 0) > Math.max(TEMPLATE_TOKENS, (promptTokens ?? 0) * MAX_CACHED_SHARE);
  const fresh = promptTokens === undefined ? 0 : promptTokens - (cachedTokens ?? 0);
  const tellsPrefill = fresh >= MIN_PREFILL_TOKENS && !isCached;
  const ttftMs = trace.unstreamed ? undefined : first - sentAt;
  return {
    lagMs: sentAt - scheduledAt,
    ttfbMs: since(trace.headAt, sentAt),
    ttftMs,
    ttftScheduledMs: trace.unstreamed ? undefined : first - scheduledAt,
    ttfoMs: since(trace.firstOutputAt, sentAt),
    tpotMs,
    decodeTps: tpotMs === undefined || tpotMs <= 0 ? undefined : 1000 / tpotMs,
    gapsMs: contentAt.slice(1).map((at, i) => at - (contentAt[i] ?? at)),
    e2eMs: final - sentAt,
    e2eScheduledMs: final - scheduledAt,
    prefillTpsClient: tellsPrefill && ttftMs ? (fresh / ttftMs) * 1000 : undefined,
    prefillTpsServer: tellsPrefill && timings ? rate(timings.promptTokens, timings.promptMs) : undefined,
    decodeTpsServer: timings && rate(timings.outputTokens, timings.outputMs),
    outputTokens: tokens,
    tokenSource: source,
    promptTokens,
    cachedTokens,
    chunksPerToken: contentAt.length / Math.max(1, tokens),
    finish: trace.finish,
    flags: [
      ...(firstShare.assumed ? (['first_chunk_assumed'] as const) : []),
      ...(isCached ? (['cached'] as const) : []),
    ],
  };
}

/** The best count of an answer's tokens that there is. */
export function outputTokens(trace: RequestTrace): { tokens: number; source: TokenSource } {
  const { usage, tokenIds, tokenized, contentAt } = trace;
  if (usage) return { tokens: usage.outputTokens, source: 'usage' };
  if (tokenIds !== undefined) return { tokens: tokenIds, source: 'token_ids' };
  if (tokenized !== undefined) return { tokens: tokenized, source: 'tokenize' };
  return { tokens: contentAt.length, source: 'chunks' };
}

/**
 * Taking 1 for a first event of four inflates decoding (aiperf PR 1279). Where nobody says, its share of the text
 * does: exact for a steady number of tokens an event, and near for a first event in which several are bundled.
 */
function tokensOfFirst(trace: RequestTrace, tokens: number): { tokens: number; assumed: boolean } {
  const { firstTokens, contentAt, characters } = trace;
  if (firstTokens !== undefined && firstTokens > 0) return { tokens: firstTokens, assumed: false };
  if (contentAt.length >= tokens - 1) return { tokens: 1, assumed: false };
  const share = characters.all > 0 ? characters.first / characters.all : 1 / contentAt.length;
  return { tokens: Math.max(1, share * tokens), assumed: true };
}

function rate(tokens: number, ms: number): number | undefined {
  return tokens > 0 && ms > 0 ? (tokens / ms) * 1000 : undefined;
}

function since(at: number | undefined, from: number): number | undefined {
  return at === undefined ? undefined : at - from;
}
