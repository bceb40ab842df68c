import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { engineStatus } from '../../../src/engines/status.js';
import { homeLayout } from '../../../src/settings/home.js';
import { EngineUnderTest } from '../../support/engine-process.js';
import { writeTinyGguf } from '../../support/tiny-gguf.js';

/** A look may take a second. */
const HANGING_MS = 30_000;

let folder: string;
let tiny: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'botllm-health-'));
  tiny = writeTinyGguf(join(folder, 'tiny.gguf'), { context: 8192 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function look(url: string) {
  const from = performance.now();
  const status = await engineStatus(homeLayout(join(folder, 'home')), { remoteUrl: url });
  expect(performance.now() - from).toBeLessThan(HANGING_MS);
  return status;
}

it('a real engine is seen as what it is, ready, busy, frozen and dead, and a look costs it no token', async () => {
  const engine = await EngineUnderTest.ready(tiny, { slots: 1, context: 8192, threads: 1 });
  try {
    const { url } = engine;
    const tokens = () => engine.metric('llamacpp:tokens_predicted_total');
    const made = await tokens();
    for (let i = 0; i < 20; i += 1) expect(await look(url)).toMatchObject({ state: 'ready', busy: 0 });
    expect(await tokens()).toBe(made);

    const gone = new AbortController();
    const messages = [{ role: 'user', content: 'hi' }];
    const work = engine
      .post('/v1/chat/completions', { messages, max_tokens: 5000, temperature: 0 }, { signal: gone.signal })
      .catch(() => {});
    await engine.until(async () => (await engine.health()).busy === 1, 1);
    expect(await look(url)).toMatchObject({ state: 'ready', busy: 1 });
    gone.abort();
    await work;

    engine.child.kill('SIGSTOP');
    expect(await look(url)).toMatchObject({ state: 'unhealthy' });
    engine.child.kill('SIGCONT');
    await engine.until(async () => (await look(url)).state === 'ready');
    engine.child.kill('SIGKILL');
    await engine.exited();
    expect(await look(url)).toMatchObject({ state: 'stopped' });
  } finally {
    engine.child.kill('SIGCONT');
    await engine.kill();
  }
});
