import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { DIALECTS } from '../../client/dialects/list.js';
import { fromChat, fromConfig } from '../../client/requests.js';
import { toWire } from '../../client/wire.js';
import type { RawTrace } from '../trace/raw-trace.js';
import { answerText, readTrace } from '../trace/read-trace.js';
import { exchange } from './http-exchange.js';
import type { LoadPlan } from './plan.js';
import type { Prompts, Question } from './prompts.js';
import { type Answered, type Send, toldOf } from './sent.js';
import type { Ticket } from './ticket.js';

const MOST_HELD_BYTES = 16 * 1024 * 1024;
/** What a piece costs beside its bytes. */
const PIECE_BYTES = 300;

/** A sender, and how it lets go of its connections. */
export interface Sender {
  send: Send;
  close(): Promise<void>;
}

/** Straight to the engine, in the words of its family, streamed; or to a gateway, in OpenAI's. */
export function createEngineSender(plan: LoadPlan, prompts: Prompts, now: () => number): Sender {
  const isSecure = plan.root.startsWith('https:');
  const options = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };
  let heldBytes = 0;
  /** Understood when the load is over, unless too much would be kept until then. */
  const later = (ticket: Ticket, raw: RawTrace): Answered => {
    const failed = raw.end.how !== 'complete' || raw.status !== 200;
    heldBytes += raw.pieces.reduce((sum, { bytes }) => sum + bytes.length + PIECE_BYTES, 0);
    const answered = { failed, trace: () => readTrace(raw), text: () => answerText(raw) };
    if (heldBytes < MOST_HELD_BYTES) return answered;
    const { trace, text } = toldOf(ticket, answered);
    return { failed, trace: () => trace, text: text === undefined ? undefined : () => text };
  };
  const agent = isSecure ? new SecureAgent(options) : new Agent(options);
  return {
    async send(ticket, scheduledAt, signal) {
      const question = prompts.question(ticket.index);
      const { path, body } = wireOf(plan, question);
      const text = JSON.stringify(body);
      const raw = await exchange({
        url: new URL(`${plan.root}${path}`),
        agent,
        headers: headersOf(plan, text, requestIdOf(plan, ticket.index)),
        body: text,
        scheduledAt,
        timeoutMs: plan.timeoutMs,
        signal,
        now,
      });
      if (ticket.phase === 'warmup') {
        const promptTokens = readTrace(raw).usage?.promptTokens;
        if (promptTokens) prompts.calibrate(prompts.length(question), promptTokens);
      }
      return later(ticket, raw);
    },
    async close() {
      agent.destroy();
    },
  };
}

/** The very body that our client would send, streamed; and what keeps a cold run cold. */
function wireOf(plan: LoadPlan, question: Question): { path: string; body: Record<string, unknown> } {
  const dialect = DIALECTS[plan.dialect];
  const request =
    question.kind === 'task'
      ? fromConfig(question.config)
      : fromChat({
          messages: question.messages,
          maxTokens: question.maxTokens,
          temperature: 0,
          seed: plan.seed,
        });
  const { path, body } = toWire(request, { dialect, model: plan.model, streamed: true });
  const { extraBody } = plan;
  if (question.kind === 'task') return { path, body: { ...body, ...extraBody } };
  return { path, body: { ...body, ...steady(plan, question.maxTokens), ...extraBody } };
}

/** Answers of one length, and no prompt cache, where the family has words for it. */
function steady({ dialect, cold, exact }: LoadPlan, maxTokens: number): Record<string, unknown> {
  if (dialect === 'llamacpp') return { ignore_eos: true, ...(cold && { cache_prompt: false }) };
  if (dialect === 'vllm' || exact) return { ignore_eos: true, min_tokens: maxTokens };
  return {};
}

/** By which an engine's log, or a synthetic engine's record, is found again. */
export function requestIdOf({ reportId }: { reportId: string }, index: number): string {
  return `${reportId}-${index}`;
}

/** A gateway's guards are passed, and hold nothing back: each request is of a user of its own, and asked anew. */
function headersOf({ apiKey, via }: LoadPlan, text: string, requestId: string): Record<string, string> {
  return {
    'x-request-id': requestId,
    ...(via === 'gateway' && { 'x-user-id': requestId, 'cache-control': 'no-cache' }),
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    accept: 'text/event-stream',
    'accept-encoding': 'identity',
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
}
