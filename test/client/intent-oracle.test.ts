import { expect, it } from 'vitest';
import { BotPromptConfigs } from '../../src/prompts/bot-prompt-configs.js';
import { CASES, LABELS } from '../support/intent-cases.js';
import { oracle } from '../support/oracle.js';
import { bench } from './setup.js';

it('24 of 24 messages, Russian and English, 8 intents, through the whole pipeline', async () => {
  const answers = new Map(
    CASES.map(([message, intent, entities = {}]) => [
      message,
      {
        intent,
        entities: Object.entries(entities).map(([name, value]) => ({ name, value: value.toUpperCase() })),
      },
    ]),
  );
  // Told, because a busy machine may be late to ask an engine what it is, and then goes on without probabilities.
  const { llm, engine } = await bench({ dialect: 'llamacpp' });
  engine.answerWith(oracle(answers, 0.9));
  let right = 0;
  for (const [message, intent, entities = {}] of CASES) {
    const result = await llm.complete(
      BotPromptConfigs.classifyUserIntent({ message, availableIntents: LABELS }),
    );
    expect(result, message).toMatchObject({
      source: 'model',
      attempts: 1,
      confidenceMethod: 'label-logprobs',
    });
    expect(result.data, message).toEqual({ intent, confidence: expect.closeTo(0.9, 10), entities });
    expect(JSON.parse(result.content)).toEqual(result.data);
    if (result.data.intent === intent) right += 1;
  }
  expect(right).toBe(24);
  const again = await llm.complete(
    BotPromptConfigs.classifyUserIntent({ message: CASES[0]?.[0] ?? '', availableIntents: LABELS }),
  );
  expect(again).toMatchObject({ source: 'cache', confidenceMethod: 'label-logprobs' });
  expect(again.data.confidence).toBeCloseTo(0.9, 10);
});

it('an engine that gives no probabilities gives no confidence, and the answer counts all the same', async () => {
  const { llm, engine } = await bench({ dialect: 'openai' });
  engine.answerWith(oracle(new Map([['hi', { intent: 'complain', entities: [] }]])));
  const result = await llm.complete(
    BotPromptConfigs.classifyUserIntent({ message: 'hi', availableIntents: LABELS }),
  );
  expect(result).toMatchObject({ source: 'model', data: { intent: 'complain', confidence: null } });
  expect(result.confidenceMethod).toBeUndefined();
});
