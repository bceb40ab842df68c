import { onTestFinished } from 'vitest';
import { createLlmClient, type LlmClient } from '../../src/client/client.js';
import type { LlmClientOptions } from '../../src/client/options.js';
import type { LlmEvent } from '../../src/observability/events.js';
import { BotPromptConfigs } from '../../src/prompts/bot-prompt-configs.js';
import { type FakeEngine, type FakeEngineOptions, startFakeEngine } from '../support/fake-engine.js';

export interface Bench {
  engine: FakeEngine;
  llm: LlmClient;
  events: LlmEvent[];
  /** Names of the events so far. */
  told(): string[];
}

/** A client in front of a fake engine; both are gone when the test is over. */
export async function bench(options: LlmClientOptions = {}, fake: FakeEngineOptions = {}): Promise<Bench> {
  const engine = await startFakeEngine(fake);
  const events: LlmEvent[] = [];
  const llm = createLlmClient({
    baseUrl: engine.url,
    model: 'm',
    store: 'memory',
    random: () => 1,
    onEvent: (event) => events.push(event),
    ...options,
  });
  onTestFinished(async () => {
    await llm.close();
    await engine.close();
  });
  return { engine, llm, events, told: () => events.map(({ event }) => event) };
}

export const INTENTS = ['book_service', 'cancel_booking', 'get_info', 'help'] as const;

export function intent(message: string) {
  return BotPromptConfigs.classifyUserIntent({ message, availableIntents: INTENTS });
}

/** The error that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was expected to reject');
}
