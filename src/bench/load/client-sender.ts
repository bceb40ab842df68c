import { createLlmClient } from '../../client/client.js';
import { type BotllmError, isBotllmError } from '../../errors.js';
import type { CompletionResult } from '../../types.js';
import type { Failure, RequestTrace } from '../trace/request-trace.js';
import type { Sender } from './engine-sender.js';
import type { LoadPlan } from './plan.js';
import type { Prompts, Question } from './prompts.js';
import type { Answered } from './sent.js';

/** A guard that never waits: what is measured is the client's own work, not its patience. */
const FREE = { limit: false, cache: false } as const;
const CHECKS: ReadonlySet<string> = new Set(['INVALID_ANSWER', 'INVALID_RESPONSE', 'INCOMPLETE_RESPONSE']);

/**
 * Through our own client, as a bot's runtime asks: with its guards, its transport and its checks, without retries
 * and without cached answers. Chat is streamed; a task comes in one piece and so has no first token.
 */
export function createClientSender(plan: LoadPlan, prompts: Prompts, now: () => number): Sender {
  const llm = createLlmClient({
    baseUrl: plan.root,
    model: plan.model,
    dialect: plan.dialect,
    ...(plan.apiKey !== undefined && { apiKey: plan.apiKey }),
    timeoutMs: plan.timeoutMs,
    deadlineMs: plan.timeoutMs,
    streamIdleMs: plan.timeoutMs,
    maxRetries: 0,
    rateLimit: 0,
    cacheTtlMs: 0,
    maxPromptChars: 1_000_000,
    maxConcurrency: plan.maxInFlight,
    maxQueued: plan.maxInFlight,
    store: 'memory',
    onFailure: 'throw',
  });
  return {
    async send(ticket, scheduledAt, signal) {
      const question = prompts.question(ticket.index);
      const sentAt = now();
      const seen = { contentAt: [] as number[], first: 0, all: 0, text: '' };
      const base = (): RequestTrace => ({
        scheduledAt,
        sentAt,
        firstEventAt: seen.contentAt[0],
        firstOutputAt: seen.contentAt[0],
        contentAt: seen.contentAt,
        characters: { first: seen.first, all: seen.all },
        endAt: now(),
      });
      try {
        const result = await ask(question, signal, (piece) => {
          seen.contentAt.push(now());
          if (seen.all === 0) seen.first = piece.length;
          seen.all += piece.length;
          seen.text += piece;
        });
        if (question.kind === 'task') seen.contentAt.push(now());
        const { usage } = result;
        if (ticket.phase === 'warmup' && usage)
          prompts.calibrate(prompts.length(question), usage.inputTokens);
        const whole = question.kind === 'task' && { unstreamed: true as const };
        const text = question.kind === 'task' ? result.content : seen.text;
        return answered({ ...base(), ...understood(result), ...whole }, text);
      } catch (error) {
        if (signal.aborted) return answered({ ...base(), stopped: true });
        if (!isBotllmError(error)) throw error;
        return answered({ ...base(), failure: failureOf(error), reason: error.message });
      }
    },
    close: () => llm.close({ drainMs: 0 }),
  };

  async function ask(question: Question, signal: AbortSignal, onPiece: (text: string) => void) {
    if (question.kind === 'task') return llm.complete(question.config, { ...FREE, signal });
    const { messages, maxTokens } = question;
    const stream = llm.stream({ messages, maxTokens, temperature: 0, seed: plan.seed }, { ...FREE, signal });
    for await (const piece of stream) onPiece(piece);
    return stream.result();
  }
}

function answered(trace: RequestTrace, text?: string): Answered {
  const said = text === undefined ? undefined : () => text;
  return { failed: trace.failure !== undefined, trace: () => trace, text: said };
}

function understood({ usage, finishReason }: CompletionResult<unknown>): Partial<RequestTrace> {
  return {
    ...(usage && {
      usage: {
        promptTokens: usage.inputTokens,
        outputTokens: usage.outputTokens,
        cachedTokens: usage.cachedTokens,
      },
    }),
    ...(finishReason !== null && { finish: finishReason }),
  };
}

function failureOf({ code, status }: BotllmError): Failure {
  if (code === 'TIMEOUT' || code === 'DEADLINE_EXCEEDED') return 'timeout';
  if (code === 'ENGINE_UNREACHABLE') return 'refused';
  if (status !== undefined && status !== 200) return `http_${status}`;
  return CHECKS.has(code) ? 'invalid_answer' : 'stream_error';
}
