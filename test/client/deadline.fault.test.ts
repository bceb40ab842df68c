import { describe, expect, it } from 'vitest';
import {
  EARLY_STREAM_FAULTS,
  ENDLESS_FAULTS,
  ENDLESS_STREAM_FAULTS,
  type EngineFault,
  FAULTS,
  STREAM_FAULTS,
} from '../support/engine-faults.js';
import { refuse } from '../support/fake-engine.js';
import { chatter } from '../support/fault-replies.js';
import { figure } from '../support/figure.js';
import { intent } from './setup.js';
import { ALL_WAYS, runTrials, type Trial, type TrialPlan, table, WAYS } from './ways.js';

const DEADLINE_MS = 1000;
const options = { deadlineMs: DEADLINE_MS };
/** Faults that the deadline alone ends. */
const SLOW: readonly EngineFault[] = [
  { name: 'a stream that goes on and on', reply: chatter, code: 'DEADLINE_EXCEEDED', hits: 1 },
  {
    name: 'a Retry-After that is just too long',
    reply: refuse(429, {}, { 'retry-after': '2' }),
    code: 'ENGINE_OVERLOADED',
    hits: 1,
  },
];
const IN_STREAMS = [...EARLY_STREAM_FAULTS, ...STREAM_FAULTS, ...SLOW];

const plansFor = (everywhere: readonly EngineFault[], inStreams: readonly EngineFault[]): TrialPlan[] => [
  ...ALL_WAYS.flatMap((way) => everywhere.map((fault) => ({ fault, way, ask: WAYS[way], options }))),
  ...inStreams.map((fault) => ({ fault, way: 'stream', ask: WAYS.stream, options })),
  ...everywhere.map(
    (fault): TrialPlan => ({
      fault,
      way: 'complete with its fallback',
      ask: (llm, given) => llm.complete(intent('hi'), given),
      options,
    }),
  ),
];

describe('the deadline of a call', () => {
  it('is kept whatever the engine does, by every way to ask, and the call ends with a typed error or a fallback', async () => {
    // Nothing but the deadline of the call is set: attempts may take the default 30 s, retries are three.
    const trials = await runTrials(plansFor(FAULTS, IN_STREAMS), () => ({}));
    expectKept(trials);
    const latest = Math.max(...trials.map(({ tookMs }) => tookMs)) - DEADLINE_MS;
    figure(`deadline 1,000 ms, ${trials.length} calls under faults: latest ${latest.toFixed(0)} ms after it`);
  });

  // Apart from the others: here the engine, in this very process, is busy talking.
  it('is kept when the engine never stops talking', async () => {
    expectKept(await runTrials(plansFor(ENDLESS_FAULTS, ENDLESS_STREAM_FAULTS), () => ({})));
  });
});

/** Each call ended in time, with a typed error or a fallback, and no socket of it stayed open. */
function expectKept(trials: readonly Trial[]): void {
  const wanted = table(trials, ({ fault, way, ending }) => {
    if (way === 'complete with its fallback') return 'fallback';
    return ending === 'DEADLINE_EXCEEDED' ? ending : fault.code;
  });
  expect(table(trials, ({ ending }) => ending)).toEqual(wanted);
  expect(trials.filter(({ leftOpen }) => leftOpen > 0)).toEqual([]);
  // Against hanging only: the next thing that would end these calls is the attempt's 30 s.
  expect(Math.max(...trials.map(({ tookMs }) => tookMs))).toBeLessThan(25_000);
}
