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
  answers: GradedAnswer[];
}

export interface AskPlan {
  set: QualitySet;
  cases: readonly EvalCase[];
  way: Way;
  /** Questions in flight; more than one may change what an engine says by a rounding error. */
  concurrency: number;
  signal: AbortSignal;
  /** Told after each answer. */
  onAnswer?: ((answer: GradedAnswer, served: string) => void) | undefined;
}

/** A slow processor is no worse a model: a question may take this long. */
const TIMEOUT_MS = 120_000;
const DEADLINE_MS = 300_000;
/** So many failures in a row that are not the model's: there is nobody to ask. */
const GIVE_UP_AFTER = 3;
/** What an open breaker refuses was never asked: it is asked again when the engine may have come to itself. */
const PROBE_MS = 500;
const NOBODY_THERE: ReadonlySet<string> = new Set([
  'ENGINE_UNREACHABLE',
  'ENGINE_NOT_READY',
  'MODEL_NOT_SERVED',
  'UNAUTHORIZED',
] satisfies ErrorCode[]);

/**
 * Asks a model every case in one way, through the guarded client that a bot has, without its cache and as nobody's user,
 * so without a limit, at temperature 0. What was answered before an interruption is kept.
 * @throws BotllmError the engine's own error when nobody answers
 */
export async function askAll(target: EvalTarget, plan: AskPlan): Promise<Answered> {
  const { baseUrl, apiKey } = target;
  const inner = target.transport ?? (await createUndiciTransport({ root: rootOf(baseUrl), apiKey }));
  const recorder = createRecorder(inner);
  await using llm = createLlmClient(clientOptions(target, plan, recorder));
  const waiting = [...plan.cases];
  const answers: GradedAnswer[] = [];
  let model = target.id ?? target.baseUrl;
  let silent = 0;
  // The first worker that gives up ends the others, too: what a closed client says is nobody's answer.
  const isOver = () => plan.signal.aborted || silent >= GIVE_UP_AFTER;
  const worker = async () => {
    for (let one = waiting.shift(); one && !isOver(); one = waiting.shift()) {
      const { answer, served } = await askOne(one, plan, { llm, recorder });
      if (isOver()) return;
      if (answer.error === 'BREAKER_OPEN') {
        waiting.unshift(one);
        await sleep(PROBE_MS, undefined, { signal: plan.signal }).catch(() => undefined);
        continue;
      }
      silent = NOBODY_THERE.has(answer.error ?? '') ? silent + 1 : 0;
      if (silent >= GIVE_UP_AFTER) throw nobody(target, answer);
      answers.push(answer);
      if (target.id === undefined && served !== '') model = served;
      plan.onAnswer?.(answer, model);
    }
  };
  await Promise.all(Array.from({ length: plan.concurrency }, worker));
  const order = new Map(plan.cases.map(({ id }, at) => [id, at]));
  answers.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  return { model, answers };
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
    deadlineMs: DEADLINE_MS,
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

function nobody({ id, baseUrl }: EvalTarget, { error }: GradedAnswer): BotllmError {
  const code = (error ?? 'ENGINE_UNREACHABLE') as ErrorCode;
  return new BotllmError(code, MESSAGES.nobody(id ?? baseUrl), { detail: error, hint: MESSAGES.nobodyHint });
}

function rootOf(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '');
}
