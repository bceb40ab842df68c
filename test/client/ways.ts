import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { createLlmClient, type LlmClient } from '../../src/client/client.js';
import type { CallOptions } from '../../src/client/open-call.js';
import type { LlmClientOptions } from '../../src/client/options.js';
import { isBotllmError } from '../../src/errors.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { CompletionResult } from '../../src/types.js';
import type { EngineFault } from '../support/engine-faults.js';
import { type FakeEngine, startFakeEngine } from '../support/fake-engine.js';
import { intent } from './setup.js';

export const chat = { messages: [{ role: 'user' as const, content: 'hi' }] };

/** Every way to ask, each with the error where there is one. */
export const WAYS = {
  complete: (llm: LlmClient, options: CallOptions) =>
    llm.complete(intent('hi'), { ...options, onFailure: 'throw' }),
  chat: (llm: LlmClient, options: CallOptions) => llm.chat(chat, options),
  completePrompt: (llm: LlmClient, options: CallOptions) => llm.completePrompt({ prompt: 'hi' }, options),
  stream: async (llm: LlmClient, options: CallOptions) => {
    const stream = llm.stream(chat, options);
    for await (const _ of stream);
    return stream.result();
  },
} satisfies Record<string, (llm: LlmClient, options: CallOptions) => Promise<CompletionResult<unknown>>>;
export type Way = keyof typeof WAYS;
export const ALL_WAYS = Object.keys(WAYS) as Way[];

/** One call under one fault, as it went. */
export interface Trial {
  fault: EngineFault;
  way: string;
  /** The error's code, the source of a result, or what else it was: no error of ours, or no end at all. */
  ending: string;
  result?: CompletionResult<unknown>;
  /** Milliseconds until it settled. */
  tookMs: number;
  /** Requests that the engine got. */
  hits: number;
  /** Of these, the ones whose socket was still open a while after the end. */
  leftOpen: number;
  /** Values that the call put into the store. */
  kept: number;
}

/** Nothing waits so long: a call that has not ended by then hangs. */
const HANGING_MS = 60_000;
/** Calls at a time: more would measure this machine. */
const AT_ONCE = 24;

export interface TrialPlan {
  fault: EngineFault;
  way: string;
  ask: (llm: LlmClient, options: CallOptions) => Promise<CompletionResult<unknown>>;
  options?: CallOptions;
}

/** Short limits where silence is the fault; elsewhere a slow machine must not look like a silent engine. */
export function shortIfSilent(fault: EngineFault): LlmClientOptions {
  return isSilence(fault) ? { timeoutMs: 2000, streamIdleMs: 1000 } : {};
}

const isSilence = ({ code }: EngineFault) => code === 'TIMEOUT';

/**
 * Runs calls under faults, each with a client and a store of its own, against one engine. Those under silence come
 * last and by themselves: what the others compute, in this very process, would use their short limits up.
 */
export async function runTrials(
  plans: readonly TrialPlan[],
  client: (fault: EngineFault) => LlmClientOptions,
): Promise<Trial[]> {
  const engine = await startFakeEngine();
  onTestFinished(() => engine.close());
  const faults = new Map(plans.map((plan, index) => [`t-${index}`, plan.fault]));
  engine.answerWith((response, request) => {
    const fault = faults.get(String(request.headers['x-request-id']));
    return fault?.reply(response, request);
  });
  const trials: Trial[] = [];
  for (const silence of [false, true]) {
    const waiting = [...plans.entries()].filter(([, { fault }]) => isSilence(fault) === silence);
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, plan] = next;
        trials[index] = await runTrial(engine, `t-${index}`, plan, client(plan.fault));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  return trials;
}

async function runTrial(
  engine: FakeEngine,
  requestId: string,
  { fault, way, ask, options }: TrialPlan,
  client: LlmClientOptions,
): Promise<Trial> {
  const store = createMemoryStore();
  let kept = 0;
  const counting = {
    ...store,
    cachePut: (...entry: Parameters<typeof store.cachePut>) => {
      kept += 1;
      return store.cachePut(...entry);
    },
  };
  const llm = createLlmClient({
    baseUrl: engine.url,
    model: 'm',
    store: counting,
    dialect: 'llamacpp',
    detect: false,
    random: () => 1,
    ...client,
  });
  const startedAt = performance.now();
  let result: CompletionResult<unknown> | undefined;
  let ending = 'HANGS';
  const call = ask(llm, { requestId, ...options }).then(
    (settled) => {
      result = settled;
      ending = settled.source;
    },
    (error) => {
      ending = isBotllmError(error) && error.requestId === requestId ? error.code : `raw ${error}`;
    },
  );
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([call, new Promise((resolve) => (timer = setTimeout(resolve, HANGING_MS)))]);
  clearTimeout(timer);
  const tookMs = performance.now() - startedAt;
  const open = () => engine.of(requestId).filter(({ closed }) => !closed).length;
  for (let waited = 0; open() > 0 && waited < HANGING_MS; waited += 10) await sleep(10);
  const leftOpen = open();
  await llm.close({ drainMs: 0 });
  const hits = engine.of(requestId).length;
  return { fault, way, ending, tookMs, hits, leftOpen, kept, ...(result && { result }) };
}

/** `name by way` of each trial with what it came to, for a table that a person can read. */
export function table<T>(trials: readonly Trial[], cell: (trial: Trial) => T): Record<string, T> {
  return Object.fromEntries(trials.map((trial) => [`${trial.fault.name}, by ${trial.way}`, cell(trial)]));
}
