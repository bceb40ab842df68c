import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
// The built library: the embedded store's file is held by a process of its own, which runs from dist.
import { BotPromptConfigs, createLlmClient } from '../../dist/index.js';
import type { LlmEvent } from '../../src/observability/events.js';
import { startFakeEngine } from '../support/fake-engine.js';

it('two clients over one home share answers and quotas, the second one in another life', async () => {
  // A call waits a tenth of a second for its store and goes on without it: where a busy machine was late, it is tried anew.
  for (let tries = 10; ; tries -= 1) {
    const events: string[] = [];
    try {
      return await shared(({ event }) => void events.push(event));
    } catch (error) {
      if (tries === 1 || !events.includes('llm_store_degraded')) throw error;
    }
  }
});

async function shared(onEvent: (event: LlmEvent) => void): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), 'botllm-home-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const engine = await startFakeEngine();
  onTestFinished(() => engine.close());
  const config = (message: string) =>
    BotPromptConfigs.classifyUserIntent({ message, availableIntents: ['help'] });
  // Named, because a busy machine may be late to ask an engine for its name, and an answer is kept by it.
  const options = { baseUrl: engine.url, model: 'm', home, rateLimit: 1, onEvent };
  const first = createLlmClient(options);
  expect(await first.complete(config('hi'), { userId: 'u' })).toMatchObject({ source: 'model' });
  await first.close();
  const second = createLlmClient(options);
  onTestFinished(() => second.close());
  expect(await second.complete(config('hi'), { userId: 'u' })).toMatchObject({ source: 'cache' });
  expect(await second.complete(config('ho'), { userId: 'u' })).toMatchObject({
    error: { code: 'RATE_LIMIT_EXCEEDED' },
  });
  expect(engine.seen).toHaveLength(1);
}
