import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { judgeOf } from '../../src/client/validate.js';
import { isBotllmError } from '../../src/errors.js';
import { BotPromptConfigs } from '../../src/prompts/bot-prompt-configs.js';
import type { PromptConfig } from '../../src/prompts/prompt-config.js';
import { FOREIGN, LABELS, MESSAGE, OUTPUTS } from './model-outputs.js';

const SEED = 24;
const intent = BotPromptConfigs.classifyUserIntent({ message: MESSAGE, availableIntents: LABELS });

/** Every task with the type that it promises, written down once more by hand. */
const TASKS: Record<string, { config: PromptConfig<unknown>; promised: z.ZodType }> = {
  intent: {
    config: intent,
    promised: z.strictObject({
      intent: z.enum([...LABELS, 'unknown']),
      confidence: z.null(),
      entities: z.partialRecord(
        z.enum(['date', 'time', 'service', 'person', 'place', 'number', 'contact', 'other']),
        z.string().refine((value) => MESSAGE.includes(value)),
      ),
    }),
  },
  validate: {
    config: BotPromptConfigs.smartValidateInput({ userInput: 'Анна', expectation: 'имя' }),
    promised: z.strictObject({
      valid: z.boolean(),
      reason: z.string().max(120),
      suggestion: z.string().max(120),
    }),
  },
  menu: {
    config: BotPromptConfigs.generateDynamicMenu({ topic: 'услуги салона красоты' }),
    promised: z.strictObject({
      items: z
        .array(z.strictObject({ text: z.string().min(1).max(64), description: z.string().max(120) }))
        .min(1)
        .max(8),
    }),
  },
  improve: {
    config: BotPromptConfigs.improveText({ text: 'Ваш заказ {{order_id}} готов' }),
    promised: z.strictObject({
      text: z
        .string()
        .refine((text) => text.split('{{order_id}}').length === 2 && !/\{\{(?!order_id\}\})/.test(text)),
    }),
  },
};

/** The data of an accepted answer, or the code of the error that refuses it. */
function judge<T>(
  config: PromptConfig<T>,
  text: string,
  finishReason: 'stop' | 'length' = 'stop',
): T | string {
  try {
    return judgeOf(config)({ text, finishReason, confidence: null }).data;
  } catch (error) {
    if (isBotllmError(error)) return error.code;
    throw error;
  }
}

describe('what models print', () => {
  it(`is read right or refused: ${OUTPUTS.length} outputs`, () => {
    expect(OUTPUTS.length).toBeGreaterThanOrEqual(200);
    const read = OUTPUTS.map(({ name, text, intent: right, maybe }) => {
      const data = judge(intent, text);
      const found = typeof data === 'string' ? data : data.intent;
      return [name, maybe && found === 'INVALID_ANSWER' ? (right ?? found) : found];
    });
    const wanted = OUTPUTS.map(({ name, intent: right }) => [name, right ?? 'INVALID_ANSWER']);
    expect(Object.fromEntries(read)).toEqual(Object.fromEntries(wanted));
  });

  it.each(Object.entries(TASKS))(
    'is never data of a wrong type, whichever task was asked: %s',
    (_, { config, promised }) => {
      let accepted = 0;
      for (const text of [...OUTPUTS.map((output) => output.text), ...FOREIGN]) {
        const data = judge(config, text);
        if (data === 'INVALID_ANSWER') continue;
        accepted += 1;
        expect(promised.safeParse(data).error, text).toBeUndefined();
      }
      expect(accepted).toBeGreaterThan(0);
    },
  );

  it('is never accepted when it was cut at its length, at whatever byte', () => {
    for (const { text } of OUTPUTS) {
      const bytes = Buffer.from(text);
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const data = judge(intent, bytes.subarray(0, cut).toString(), 'length');
        if (data !== 'INCOMPLETE_RESPONSE') expect(data, text.slice(0, cut)).toBe('INCOMPLETE_RESPONSE');
      }
    }
  });

  it('and is cut where nobody saw it gives what the whole gives, or nothing', () => {
    // One body is enough for each wrapping: long, with an entity and letters of two bytes. Of a thought that
    // began in the prompt and was cut before its end nobody can tell that it is one.
    const whole = OUTPUTS.filter(
      ({ name, intent: right }) => right !== null && /^with an entity(?!.*in the prompt)/.test(name),
    );
    expect(whole.length).toBeGreaterThan(15);
    for (const { text } of whole) {
      const data = judge(intent, text);
      const bytes = Buffer.from(text);
      for (let cut = 0; cut < bytes.length; cut += 1) {
        const part = bytes.subarray(0, cut).toString();
        const read = judge(intent, part);
        if (typeof read !== 'string') expect(read, part).toEqual(data);
      }
    }
  });

  it(`and is broken by chance is never data of a wrong type, nor a crash (seed ${SEED})`, () => {
    const texts = [...OUTPUTS.map(({ text }) => text), ...FOREIGN];
    const noise = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom(
        '"',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '\\',
        '```',
        '<think>',
        '</think>',
        '{{',
        '}}',
        'null',
      ),
    );
    const edit = fc.record({ at: fc.nat(), drop: fc.integer({ min: 0, max: 4 }), put: noise });
    const broken = fc
      .tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 4 }))
      .map(([text, edits]) =>
        edits.reduce((sofar, { at, drop, put }) => {
          const from = at % (sofar.length + 1);
          return sofar.slice(0, from) + put + sofar.slice(from + drop);
        }, text),
      );
    fc.assert(
      fc.property(broken, (text) => {
        for (const { config, promised } of Object.values(TASKS)) {
          const data = judge(config, text);
          if (typeof data === 'string') expect(data).toBe('INVALID_ANSWER');
          else expect(promised.safeParse(data).error, text).toBeUndefined();
        }
      }),
      { numRuns: 3000, seed: SEED },
    );
  }, 180_000);
});
