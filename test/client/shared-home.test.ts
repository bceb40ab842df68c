import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
// The built library: the embedded store's file is held by a process of its own, which runs from dist.
import { BotPromptConfigs, createLlmClient } from '../../dist/index.js';
import { startFakeEngine } from '../support/fake-engine.js';

it('two clients over one home share answers and quotas, the second one in another life', async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'botllm-home-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const engine = await startFakeEngine();
  onTestFinished(() => engine.close());
  const config = (message: string) =>
    BotPromptConfigs.classifyUserIntent({ message, availableIntents: ['help'] });
  const options = { baseUrl: engine.url, home, rateLimit: 1 };
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
});
