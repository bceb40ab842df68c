import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EngineUnderTest, readSse } from '../../support/engine-process.js';
import { tinyModel } from '../../support/tiny-engine.js';

const CHAT = '/v1/chat/completions';
const root = fileURLToPath(new URL('../../..', import.meta.url));
const tiny = tinyModel({ context: 8192 });
const folder = dirname(tiny);

const ask = (maxTokens: number, more: Record<string, unknown> = {}) => ({
  messages: [{ role: 'user', content: 'hi' }],
  max_tokens: maxTokens,
  temperature: 0,
  ...more,
});

describe('the end', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s with nothing to do exits 0', async (signal) => {
    const engine = await EngineUnderTest.ready(tiny, { slots: 1 });
    try {
      engine.child.kill(signal);
      expect(await engine.exited()).toBe(0);
      expect(engine.log.at(-1)).toMatchObject({ event: 'stopped', drained: true });
    } finally {
      await engine.kill();
    }
  });

  it('SIGTERM finishes what is in flight, says so in health, takes nothing new, and exits 0', async () => {
    const engine = await EngineUnderTest.ready(tiny, { slots: 1, context: 8192, threads: 1 });
    try {
      const inFlight = engine.post(CHAT, ask(2500));
      await engine.until(async () => (await engine.health()).busy === 1);
      engine.child.kill('SIGTERM');
      await engine.until(async () => (await engine.health()).status === 'stopping', 1);
      const late = await engine.post(CHAT, ask(1));
      expect(late.status).toBe(503);
      expect(await late.json()).toMatchObject({ error: { type: 'unavailable_error' } });
      const reply = (await (await inFlight).json()) as { usage: { completion_tokens: number } };
      expect(reply.usage.completion_tokens).toBe(2500);
      expect(await engine.exited()).toBe(0);
    } finally {
      await engine.kill();
    }
  });

  it('SIGTERM with minutes of work ahead finishes what it can in bounded time, tells the others, and exits 0', async () => {
    const engine = await EngineUnderTest.ready(tiny, { slots: 1, context: 8192, threads: 1 });
    try {
      const calls = Array.from({ length: 50 }, (_, n) => engine.post(CHAT, ask(6000, { stream: n === 0 })));
      await engine.until(async () => (await engine.health()).queued === 49);
      engine.child.kill('SIGTERM');
      const replies = await Promise.all(calls);
      expect(replies[0]?.status).toBe(200);
      const refused = replies.filter((reply) => reply.status === 503);
      expect(refused.length).toBeGreaterThan(0);
      for (const reply of refused)
        expect(await reply.json()).toMatchObject({ error: { type: 'unavailable_error' } });
      expect(await engine.exited()).toBe(0);
      expect(engine.log.at(-1)).toMatchObject({ event: 'stopped', drained: false });
    } finally {
      await engine.kill();
    }
  });

  it('a second SIGTERM waits for nobody', async () => {
    const engine = await EngineUnderTest.ready(tiny, { slots: 1, context: 8192, threads: 1 });
    try {
      const cut = engine.post(CHAT, ask(8000, { stream: true }));
      await engine.until(async () => (await engine.health()).busy === 1);
      engine.child.kill('SIGTERM');
      await engine.until(async () => (await engine.health()).status === 'stopping', 1);
      engine.child.kill('SIGTERM');
      const { events, done } = await readSse(await cut);
      expect(done).toBe(false);
      expect(events.at(-1)).toMatchObject({ error: { code: 503 } });
      expect(await engine.exited()).toBe(0);
    } finally {
      await engine.kill();
    }
  });

  it('comes by itself after the idle time, and not while somebody is served', async () => {
    const engine = await EngineUnderTest.ready(tiny, {
      slots: 1,
      context: 8192,
      threads: 1,
      idleTimeoutMs: 1_500,
    });
    try {
      const reply = await engine.post(CHAT, ask(6000));
      expect(reply.status).toBe(200);
      await reply.text();
      expect(await engine.exited()).toBe(0);
      const events = engine.log.map((line) => line.event);
      expect(events.indexOf('request')).toBeGreaterThan(0);
      expect(events.indexOf('stopping')).toBeGreaterThan(events.indexOf('request'));
      expect(engine.log.find((line) => line.event === 'stopping')).toMatchObject({ reason: 'idle' });
    } finally {
      await engine.kill();
    }
  });

  it('does not come with the end of the process that started it', async () => {
    const job = {
      instanceId: 'orphan-test',
      botllmVersion: '0',
      host: '127.0.0.1',
      port: 0,
      model: { name: 'tiny', path: tiny, thinking: false },
      gpu: 'none',
      slots: 1,
      failureFile: join(folder, 'orphan.json'),
      logFile: join(folder, 'orphan.log'),
    };
    const main = join(root, 'dist/engines/embedded/main.js');
    const code = `const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, [${JSON.stringify(main)}], { detached: true, stdio: 'ignore' });
      child.unref(); console.log(child.pid);`;
    const env = { ...process.env, UV_THREADPOOL_SIZE: '1', BOTLLM_ENGINE_JOB: JSON.stringify(job) };
    const parent = spawn(process.execPath, ['-e', code], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    parent.stdout.on('data', (chunk) => {
      out += chunk;
    });
    await once(parent, 'close');
    const pid = Number(out);
    try {
      const readLog = () => readFileSync(job.logFile, 'utf8');
      for (let n = 0; n < 2_400; n++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        try {
          if (readLog().includes('"ready"')) break;
        } catch {
          // Not there yet.
        }
      }
      expect(readLog()).toContain('"ready"');
      const port = /"port":(\d+)/.exec(readLog())?.[1];
      expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
  });
});
