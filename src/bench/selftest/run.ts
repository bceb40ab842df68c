import { randomUUID } from 'node:crypto';
import { type Instrument, type MeasureWatch, startInstrument } from '../load/instrument.js';
import type { LoopDelay } from '../load/loop-delay.js';
import type { LoadPlan } from '../load/plan.js';
import { startSynthetic } from './engine-process.js';
import { type InstrumentError, instrumentError } from './error.js';
import type { Script } from './script.js';
import { SYNTHETIC_MODEL } from './synthetic-engine.js';

export interface SelfTestLevel {
  concurrency: number;
  error: InstrumentError;
  loopDelay: LoopDelay;
}

export interface SelfTestResult {
  script: Script;
  levels: SelfTestLevel[];
  /** Of the measuring process: from its start until it could measure. */
  startUpMs: number;
  /** The most memory that the measuring process ever held. */
  peakRssBytes: number;
}

export interface SelfTestOptions {
  script: Script;
  /** How many at once, and how many requests in all, level by level. */
  levels: readonly { concurrency: number; requests: number }[];
  /** An instrument that runs already; otherwise one is started and ended. */
  instrument?: Instrument | undefined;
  signal: AbortSignal;
  onProgress?: MeasureWatch['onProgress'];
}

/** The script by which the tools of the field were measured: first token at 200 ms, then one each 20 ms. */
export const FIELD_SCRIPT: Script = { ttftMs: 200, itlMs: 20, tokens: 64, tokensPerEvent: 1 };

/** The same in two seconds, for the head of every report. */
export const BRIEF_SCRIPT: Script = { ttftMs: 40, itlMs: 10, tokens: 16, tokensPerEvent: 1 };

/** Measures an engine whose truth is known, and says by how much the instrument was wrong. */
export async function selfTest(options: SelfTestOptions): Promise<SelfTestResult> {
  const { script, levels, signal, onProgress } = options;
  const total = levels.reduce((sum, { requests }) => sum + requests, 0);
  await using synthetic = await startSynthetic(script);
  await using own = options.instrument ? undefined : await startInstrument();
  const instrument = options.instrument ?? own;
  if (!instrument) throw new Error('there is no instrument');
  const done: SelfTestLevel[] = [];
  let peakRssBytes = 0;
  let before = 0;
  for (const { concurrency, requests } of levels) {
    const plan = planOf(synthetic.root, script, concurrency, requests);
    const measured = await instrument.measure(plan, {
      signal,
      onProgress: (count) => onProgress?.(before + count, total),
    });
    signal.throwIfAborted();
    const error = instrumentError(measured.sent, await synthetic.served(), script, plan.reportId);
    done.push({ concurrency, error, loopDelay: measured.loopDelay });
    peakRssBytes = Math.max(peakRssBytes, measured.peakRssBytes);
    before += requests;
  }
  return { script, levels: done, startUpMs: instrument.startedInMs, peakRssBytes };
}

function planOf(root: string, script: Script, concurrency: number, requests: number): LoadPlan {
  return {
    root,
    model: SYNTHETIC_MODEL,
    dialect: 'openai',
    via: 'engine',
    workload: { kind: 'synthetic', promptTokens: 64, outputTokens: script.tokens, language: 'en' },
    load: { kind: 'closed', concurrency },
    cold: true,
    warmup: Math.max(2, concurrency),
    runs: 1,
    requestsPerRun: requests,
    timeoutMs: 30_000,
    seed: 1,
    reportId: randomUUID(),
    maxInFlight: 1000,
  };
}
