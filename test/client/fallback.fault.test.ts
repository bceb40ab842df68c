import { describe, expect, it } from 'vitest';
import type { LlmClient } from '../../src/client/client.js';
import type { CallOptions } from '../../src/client/open-call.js';
import type { LlmClientOptions } from '../../src/client/options.js';
import type { ErrorCode } from '../../src/errors.js';
import { BotPromptConfigs } from '../../src/prompts/bot-prompt-configs.js';
import type { PromptConfig } from '../../src/prompts/prompt-config.js';
import type { CompletionResult } from '../../src/types.js';
import { type EngineFault, FAULTS } from '../support/engine-faults.js';
import { completion, refuse, silent } from '../support/fake-engine.js';
import { bench, INTENTS } from './setup.js';
import { ALL_WAYS, runTrials, shortIfSilent, type TrialPlan, table, WAYS } from './ways.js';

interface Task {
  config: PromptConfig<unknown>;
  /** What the documentation promises without a model. */
  fallback: unknown;
}

const items = [{ text: 'Массаж', description: '' }];
const TASKS: Record<string, Task> = {
  intent: {
    config: BotPromptConfigs.classifyUserIntent({ message: 'хочу записаться', availableIntents: INTENTS }),
    fallback: { intent: 'unknown', confidence: null, entities: {} },
  },
  'validate, a format that the code knows': {
    config: BotPromptConfigs.smartValidateInput({
      userInput: 'me@example.org',
      expectation: 'an e-mail address',
    }),
    fallback: { valid: true, reason: expect.any(String), suggestion: expect.any(String) },
  },
  'validate, what the code cannot know': {
    config: BotPromptConfigs.smartValidateInput({ userInput: 'Ivan', expectation: 'a first name' }),
    fallback: { valid: true, reason: expect.any(String), suggestion: expect.any(String) },
  },
  menu: {
    config: BotPromptConfigs.generateDynamicMenu({ context: 'спа', topic: 'услуги салона' }),
    fallback: { items: [{ text: 'услуги салона', description: '' }] },
  },
  'menu with its own': {
    config: BotPromptConfigs.generateDynamicMenu({ topic: 'услуги салона', fallbackItems: items }),
    fallback: { items },
  },
  improve: {
    config: BotPromptConfigs.improveText({ text: 'Ваш заказ {{order_id}} готов' }),
    fallback: { text: 'Ваш заказ {{order_id}} готов' },
  },
};

/** Answers that are whole and right as far as HTTP goes, and nothing that a task can use. */
const USELESS: readonly EngineFault[] = [
  ...[
    'Sure! I would love to help.',
    '{}',
    '{"answer":42}',
    '[]',
    '""',
    '{"intent":"fly","valid":"yes","text":7}',
  ].map(
    (text): EngineFault => ({
      name: `says ${text}`,
      reply: completion(text),
      code: 'INVALID_ANSWER',
      hits: 2,
    }),
  ),
  {
    name: 'was cut at its length',
    reply: completion('{"intent":"help","entities":[],"valid":true,"text":"Half', { finish: 'length' }),
    code: 'INCOMPLETE_RESPONSE',
    hits: 1,
  },
  {
    name: 'was cut at its length, and looks whole',
    reply: completion(
      '{"intent":"help","entities":[],"valid":true,"reason":"","suggestion":"","items":[],"text":"x"}',
      {
        finish: 'length',
      },
    ),
    code: 'INCOMPLETE_RESPONSE',
    hits: 1,
  },
];

describe('a task without its model', () => {
  it.each(Object.entries(TASKS))(
    'gives its documented stand-in under every fault, and keeps nothing: %s',
    async (name, task) => {
      const plans = [...FAULTS, ...USELESS].map(
        (fault): TrialPlan => ({ fault, way: name, ask: asking(task) }),
      );
      const trials = await runTrials(plans, (fault) => ({ ...shortIfSilent(fault), maxRetries: 0 }));
      const seen = table(trials, ({ ending, kept, result }) => ({ ending, kept, result }));
      expect(seen).toEqual(
        table(trials, ({ fault }) => ({ ending: 'fallback', kept: 0, result: standIn(task, fault.code) })),
      );
      for (const { result } of trials) expect(JSON.parse(String(result?.content))).toEqual(result?.data);
    },
  );

  it.each<[ErrorCode, LlmClientOptions, CallOptions]>([
    ['DISABLED', { enabled: false }, {}],
    ['PROMPT_TOO_LONG', { maxPromptChars: 10 }, {}],
    ['ABORTED', {}, { signal: AbortSignal.abort() }],
    ['DEADLINE_EXCEEDED', { deadlineMs: 50 }, {}],
  ])('gives its stand-in for a reason of our own: %s', async (code, options, given) => {
    for (const task of Object.values(TASKS)) {
      const { llm, engine } = await bench(options);
      engine.answerWith(silent);
      expect(await llm.complete(task.config, given)).toEqual(standIn(task, code));
    }
  });

  it('gives its stand-in when the guards turn it away: breaker, quota, place, closed client', async () => {
    for (const task of Object.values(TASKS)) {
      const broken = await bench({ maxRetries: 0 });
      broken.engine.answerWith(refuse(500));
      for (let i = 0; i < 5; i += 1) await broken.llm.complete(task.config);
      expect(await broken.llm.complete(task.config)).toEqual(standIn(task, 'BREAKER_OPEN'));

      const limited = await bench({ rateLimit: 1, cacheTtlMs: 0 });
      await limited.llm.complete(task.config, { userId: 'u' });
      const refused = await limited.llm.complete(task.config, { userId: 'u' });
      expect(refused).toEqual(standIn(task, 'RATE_LIMIT_EXCEEDED'));

      const full = await bench({ maxConcurrency: 1, maxQueued: 0, cacheTtlMs: 0 });
      full.engine.answerWith(silent);
      const first = full.llm.complete(task.config);
      await expect.poll(() => full.engine.seen.length).toBe(1);
      expect(await full.llm.complete(task.config)).toEqual(standIn(task, 'OVERLOADED'));
      await full.llm.close({ drainMs: 0 });
      expect(await first).toEqual(standIn(task, 'CLIENT_CLOSED'));
      expect(await full.llm.complete(task.config)).toEqual(standIn(task, 'CLIENT_CLOSED'));
    }
  });
});

describe('what is cut is never kept', () => {
  it.each(ALL_WAYS)('by %s', async (way) => {
    const cut = {
      name: 'cut',
      reply: completion('Hel', { finish: 'length' }),
      code: 'INTERNAL',
      hits: 1,
    } as const;
    const [trial] = await runTrials([{ fault: cut, way, ask: WAYS[way] }], shortIfSilent);
    expect(trial).toMatchObject({ ending: way === 'complete' ? 'INCOMPLETE_RESPONSE' : 'model', kept: 0 });
  });
});

function asking({ config }: Task) {
  return (llm: LlmClient, options: CallOptions) => llm.complete(config, options);
}

/** The whole result of a call that fell back. */
function standIn({ fallback }: Task, code: ErrorCode): CompletionResult<unknown> {
  return {
    content: expect.any(String),
    data: fallback,
    model: 'm',
    finishReason: null,
    cached: false,
    source: 'fallback',
    error: expect.objectContaining({ code, requestId: expect.any(String) }),
    latencyMs: expect.any(Number),
    attempts: expect.any(Number),
    requestId: expect.any(String),
  };
}
