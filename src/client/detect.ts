import { type Ending, openScope, orAbort } from './cancel.js';
import { asRecord } from './classify.js';
import type { Clock } from './clock.js';
import type { Dialect, DialectName } from './dialects/contract.js';
import { DIALECTS } from './dialects/list.js';
import type { Transport, TransportReply } from './transport/contract.js';

/** What an engine tells about itself without being asked for a token. */
export interface EngineFacts {
  dialect: Dialect;
  /** The name it serves its model under; null when it did not say. */
  servedModel: string | null;
  /** Requests that it decodes together; null when it did not say. */
  slots: number | null;
  /** Tokens of one request, prompt and answer together; null when it did not say. */
  contextTokens: number | null;
}

export interface Detector {
  /** What is known; asks the engine when that is nothing, or old. Rejects only with the signal's reason. */
  facts(signal: Ending): Promise<EngineFacts>;
  /** The connection broke, something else may answer next time: what is known holds a second more. */
  doubt(): void;
}

export interface DetectorOptions {
  transport: () => Promise<Transport>;
  clock: Clock;
  /** `auto`, or the family that was given. */
  dialect: 'auto' | DialectName;
  /** False: ask nothing, know only what was given. */
  enabled: boolean;
}

export const DETECT_TIMEOUT_MS = 1000;
/** Another model may be served under the same address later. */
const KNOWN_FOR_MS = 60_000;
/** An engine that did not answer is not asked again by every call. */
const UNKNOWN_FOR_MS = 1000;

export function createDetector({ transport, clock, dialect, enabled }: DetectorOptions): Detector {
  const given = dialect === 'auto' ? null : DIALECTS[dialect];
  const nothing: EngineFacts = {
    dialect: given ?? DIALECTS.openai,
    servedModel: null,
    slots: null,
    contextTokens: null,
  };
  /** An engine that went away is still the one whose answers are in the cache. */
  let last = nothing;
  let known: { facts: Promise<EngineFacts>; value: EngineFacts | null; until: number } | null = null;

  const ask = async (): Promise<EngineFacts | null> => {
    const scope = openScope({ clock, parents: [], timeoutMs: DETECT_TIMEOUT_MS });
    const get = async (path: string): Promise<TransportReply | null> => {
      try {
        const sending = (await transport()).send({
          method: 'GET',
          path,
          requestId: 'detect',
          signal: scope.signal,
        });
        return await orAbort(sending, scope);
      } catch {
        return null;
      }
    };
    try {
      const replies = await Promise.all([get('/v1/models'), get('/props'), get('/health')]);
      // Who is too busy to say his name in time has not become somebody else.
      const [named, ...others] = replies;
      const counts = named || (last.servedModel === null && others.some((reply) => reply));
      return counts ? readFacts(replies, given) : null;
    } finally {
      scope.close();
    }
  };

  return {
    async facts(signal) {
      if (!enabled) return nothing;
      if (!known || clock.monotonic() >= known.until) {
        const asked = {
          facts: Promise.resolve(nothing),
          value: null as EngineFacts | null,
          until: Number.POSITIVE_INFINITY,
        };
        asked.facts = ask().then((facts) => {
          asked.until = clock.monotonic() + (facts?.servedModel ? KNOWN_FOR_MS : UNKNOWN_FOR_MS);
          last = facts ?? last;
          asked.value = last;
          return last;
        });
        known = asked;
      }
      return known.value ?? orAbort(known.facts, signal);
    },
    doubt() {
      if (known) known.until = Math.min(known.until, clock.monotonic() + UNKNOWN_FOR_MS);
    },
  };
}

function readFacts(
  [models, props, health]: readonly (TransportReply | null)[],
  given: Dialect | null,
): EngineFacts {
  const list = asRecord(ok(models))?.data;
  const model = Array.isArray(list) ? asRecord(list[0]) : undefined;
  const slots = asRecord(ok(props))?.total_slots ?? asRecord(ok(health))?.slots;
  // llama-server gives each slot its share of the context; the embedded engine and vLLM tell it with the model.
  const context =
    asRecord(asRecord(ok(props))?.default_generation_settings)?.n_ctx ??
    asRecord(model?.meta)?.n_ctx ??
    model?.max_model_len;
  return {
    dialect: given ?? familyOf(model, health),
    servedModel: typeof model?.id === 'string' && model.id !== '' ? model.id : null,
    slots: wholeNumber(slots),
    contextTokens: wholeNumber(context),
  };
}

function wholeNumber(value: unknown): number | null {
  return typeof value === 'number' && value >= 1 ? Math.floor(value) : null;
}

function ok(reply: TransportReply | null | undefined): unknown {
  return reply?.status === 200 ? reply.body : undefined;
}

function familyOf(
  model: Record<string, unknown> | undefined,
  health: TransportReply | null | undefined,
): Dialect {
  const owner = model?.owned_by;
  if (owner === 'vllm' || typeof model?.max_model_len === 'number') return DIALECTS.vllm;
  if (owner === 'llamacpp' || asRecord(model?.meta)) return DIALECTS.llamacpp;
  if (owner === 'library') return DIALECTS.ollama;
  // TGI lists its model as its own owner, and its health is an empty page.
  if (model !== undefined && owner === model.id && health?.status === 200 && health.body === '')
    return DIALECTS.tgi;
  // While it loads, llama.cpp refuses everything else.
  const error = asRecord(asRecord(health?.body)?.error);
  return error?.type === 'unavailable_error' ? DIALECTS.llamacpp : DIALECTS.openai;
}
