import { setTimeout as sleep } from 'node:timers/promises';
import type { LlmClient } from '../client/client.js';
import { createLlmClient } from '../client/client.js';
import type { LlmClientOptions } from '../client/options.js';
import type { Transport } from '../client/transport/contract.js';
import { createUndiciTransport } from '../client/transport/undici.js';
import { BotllmError, type ErrorCode } from '../errors.js';
import type { GradedAnswer } from './answers.js';
import { grade } from './graders/list.js';
import { MESSAGES } from './messages.js';
import { createRecorder, type Recorder } from './recorder.js';
import { requestIdOf } from './request-id.js';
import type { EvalCase, QualitySet } from './set/cases.js';
import { createUnheard, REFUSALS, type Unheard } from './unheard.js';
import type { Got, Way } from './ways/contract.js';

/** A model to be asked: where it is, or what stands in for one. */
export interface EvalTarget {
  /** Its name in the report. Default: the name that it serves under. */
  id?: string | undefined;
  /** Root of its server. */
  baseUrl: string;
  model?: string | undefined;
  apiKey?: string | undefined;
  /** Instead of HTTP: a control answers by itself. */
  transport?: Transport | undefined;
}

export interface Answered {
  /** The target's name in the report. */
  model: string;
  /** In the order of the cases. */
  answers: GradedAnswer[];
  /** Why the rest was not asked: nobody answers there, or nobody does any more. */
  failed?: BotllmError;
}

export interface AskPlan {
  set: QualitySet;
  cases: readonly EvalCase[];
  way: Way;
  /** Questions in flight; more than one may change what an engine says by a rounding error. */
  concurrency: number;
  /** Milliseconds that a question may take, retries included. Default: 300,000. */
  deadlineMs?: number | undefined;
  signal: AbortSignal;
  /** Told after each answer. */
  onAnswer?: ((answer: GradedAnswer, served: string) => void) | undefined;
}

/** A slow processor is no worse a model: a question may take this long. */
const TIMEOUT_MS = 120_000;
const DEADLINE_MS = 300_000;
/** What an open breaker refuses was never asked: it is asked again when the engine may have come to itself. */
const PROBE_MS = 500;

/**
 * Asks a model every case in one way, through the guarded client that a bot has, without its cache and as nobody's user,
 * so without a limit, at temperature 0. What was answered is kept whatever ended it: an interruption, or an engine
 * that is gone.
 */
export async function askAll(target: EvalTarget, plan: AskPlan): Promise<Answered> {
  const { baseUrl, apiKey } = target;
  const inner = target.transport ?? (await createUndiciTransport({ root: rootOf(baseUrl), apiKey }));
  const recorder = createRecorder(inner);
  await using llm = createLlmClient(clientOptions(target, plan, recorder));
  const waiting = [...plan.cases];
  const answers: GradedAnswer[] = [];
  const unheard = createUnheard(llm);
  let model = target.id ?? target.baseUrl;
  // The first worker that gives up ends the others, too: what was called off is nobody's answer.
  const givenUp = new AbortController();
  const signal = AbortSignal.any([plan.signal, givenUp.signal]);
  const keep = (kept: readonly GradedAnswer[]) => {
    for (const answer of kept) {
      answers.push(answer);
      plan.onAnswer?.(answer, model);
    }
  };
  const worker = async () => {
    for (let one = waiting.shift(); one && !signal.aborted; one = waiting.shift()) {
      const { answer, served } = await askOne(one, { ...plan, signal }, { llm, recorder });
      if (signal.aborted) return;
      if (answer.error === 'BREAKER_OPEN') {
        waiting.unshift(one);
        await sleep(PROBE_MS, undefined, { signal }).catch(() => undefined);
        continue;
      }
      if (target.id === undefined && served !== '') model = served;
      keep(await unheard.take(answer));
      if (unheard.gone !== undefined) givenUp.abort();
    }
  };
  await Promise.all(Array.from({ length: plan.concurrency }, worker));
  keep(await unheard.end());
  const { gone } = unheard;
  return {
    ...{ model, answers: inOrder(answers, plan.cases) },
    ...(gone !== undefined && { failed: nobody(unheard, gone, model, [answers.length, plan.cases.length]) }),
  };
}

/** Answers in the order of their cases. */
export function inOrder(answers: readonly GradedAnswer[], cases: readonly EvalCase[]): GradedAnswer[] {
  const order = new Map(cases.map(({ id }, at) => [id, at]));
  return [...answers].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
}

function clientOptions(target: EvalTarget, plan: AskPlan, { transport }: Recorder): LlmClientOptions {
  return {
    baseUrl: target.baseUrl,
    model: target.model,
    apiKey: target.apiKey,
    transport,
    store: 'memory',
    cacheTtlMs: 0,
    maxConcurrency: plan.concurrency,
    timeoutMs: TIMEOUT_MS,
    deadlineMs: plan.deadlineMs ?? DEADLINE_MS,
    maxRetries: 1,
    // Many labels with their meanings are longer than a bot's usual prompt.
    maxPromptChars: 64_000,
    ...(target.transport && { dialect: 'openai', detect: false }),
  };
}

async function askOne(
  one: EvalCase,
  { way, set, signal }: AskPlan,
  { llm, recorder }: { llm: LlmClient; recorder: Recorder },
): Promise<{ answer: GradedAnswer; served: string }> {
  const requestId = requestIdOf(way.name, one.id);
  const recording = recorder.open(requestId);
  try {
    const { replies, change } = recording;
    const got = await way.ask(one, { llm, options: { requestId, signal }, replies, change, set });
    const { right, usable, marks, got: said } = grade(one, got, replies, set);
    const answer: GradedAnswer = {
      id: one.id,
      task: one.task,
      ...('lang' in one && one.lang !== undefined && { lang: one.lang }),
      ...truthOf(one),
      ...(said !== undefined && { got: said }),
      right,
      usable,
      marks,
      source: got.source,
      ...(got.error !== undefined && { error: got.error }),
      attempts: got.attempts,
      latencyMs: Math.round(got.latencyMs * 10) / 10,
      ...confidenceOf(got),
      raw: replies.map(({ text }) => text),
    };
    return { answer, served: got.model };
  } finally {
    recording.close();
  }
}

function truthOf(one: EvalCase): { expected?: string } {
  if (one.task === 'intent') return { expected: one.expected };
  return one.task === 'validate' ? { expected: String(one.valid) } : {};
}

function confidenceOf({ data, source }: Got): { confidence?: number } {
  const { confidence } = data as { confidence?: unknown };
  return source === 'model' && typeof confidence === 'number' ? { confidence } : {};
}

function nobody(
  { refuses }: Unheard,
  code: ErrorCode,
  model: string,
  [answered, planned]: [number, number],
): BotllmError {
  const detail = MESSAGES.goneAfter(code, answered, planned);
  // What it refused, and why, is in its own log; its health says nothing.
  if (refuses) {
    return new BotllmError(code, MESSAGES.refuses(model, REFUSALS), { detail, hint: MESSAGES.refusesHint });
  }
  const hint = MESSAGES.nobodyHint;
  return answered === 0
    ? new BotllmError(code, MESSAGES.nobody(model), { detail: code, hint })
    : new BotllmError(code, MESSAGES.gone(model), { detail, hint });
}

function rootOf(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '');
}
