import { describe, expect, it } from 'vitest';
import type { BotllmError } from '../../src/errors.js';
import {
  EARLY_STREAM_FAULTS,
  ENDLESS_FAULTS,
  ENDLESS_STREAM_FAULTS,
  type EngineFault,
  FAULTS,
  STREAM_FAULTS,
} from '../support/engine-faults.js';
import { bench, failure } from './setup.js';
import {
  ALL_WAYS,
  chat,
  runTrials,
  shortIfSilent,
  type Trial,
  type TrialPlan,
  table,
  WAYS,
  type Way,
} from './ways.js';

const plansFor = (ways: readonly Way[], faults: readonly EngineFault[]): TrialPlan[] =>
  ways.flatMap((way) => faults.map((fault) => ({ fault, way, ask: WAYS[way] })));

describe('whatever an engine answers', () => {
  it.each(ALL_WAYS)('has a name, takes at most four requests, and is not kept: by %s', async (way) => {
    expectKnown(await runTrials(plansFor([way], FAULTS), shortIfSilent));
  });

  it('is the same through the openai package', async () => {
    const plans = [
      ...plansFor(['complete', 'stream'], FAULTS),
      ...plansFor(['stream'], [...EARLY_STREAM_FAULTS, ...STREAM_FAULTS]),
    ];
    expectKnown(await runTrials(plans, (fault) => ({ ...shortIfSilent(fault), transport: 'openai' })));
  });

  it('inside a stream has a name as well, and is not kept', async () => {
    expectKnown(
      await runTrials(plansFor(['stream'], [...EARLY_STREAM_FAULTS, ...STREAM_FAULTS]), shortIfSilent),
    );
  });

  it('is cut at a bound when it never ends', async () => {
    const plans = [...plansFor(ALL_WAYS, ENDLESS_FAULTS), ...plansFor(['stream'], ENDLESS_STREAM_FAULTS)];
    for (const plan of plans) expectKnown(await runTrials([plan], shortIfSilent));
  });

  it('an engine that is not there', async () => {
    const { llm, engine } = await bench({ maxRetries: 0 });
    await engine.close();
    const error = (await failure(llm.chat(chat))) as BotllmError;
    expect(error).toMatchObject({ code: 'ENGINE_UNREACHABLE', detail: 'ECONNREFUSED' });
    expect(error.cause).toBeDefined();
    expect(error.message).toBe(`Nothing answers at ${engine.url}`);
  });
});

/** Each call ended with the code, the requests and the empty store that its fault is listed with. */
function expectKnown(trials: readonly Trial[]): void {
  expect(table(trials, ({ ending, hits, kept }) => ({ ending, hits, kept }))).toEqual(
    table(trials, ({ fault: { code, hits } }) => ({ ending: code, hits, kept: 0 })),
  );
}
