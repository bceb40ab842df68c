import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HealthReply } from '../../../src/engines/embedded/health-reply.js';
import { StartFailure } from '../../../src/engines/embedded/job.js';
import { EngineUnderTest } from '../../support/engine-process.js';
import { realModel } from '../../support/real-model.js';
import { tinyModel } from '../../support/tiny-engine.js';
import { tinyGguf, writeTinyGguf } from '../../support/tiny-gguf.js';

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

async function failureOf(engine: EngineUnderTest): Promise<StartFailure> {
  try {
    expect(await engine.exited()).toBe(1);
    const failure = StartFailure.parse(engine.failure);
    expect(failure.instanceId).toBe(engine.job.instanceId);
    expect(engine.log.some((line) => line.event === 'start_failed' && line.code === failure.code)).toBe(true);
    return failure;
  } finally {
    await engine.kill();
  }
}

describe('a start that fails says why, in a file and with exit 1', () => {
  it('because the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      const { port } = other.address() as AddressInfo;
      const failure = await failureOf(EngineUnderTest.spawn(tiny, { port }));
      expect(failure).toMatchObject({ code: 'PORT_TAKEN', message: expect.stringContaining(String(port)) });
      expect(failure.hint).toContain('--port');
    } finally {
      other.close();
    }
  });

  it('because --memory is too small, with the sum of what is needed', async () => {
    const failure = await failureOf(
      EngineUnderTest.spawn(tiny, { memoryBytes: 1_000_000, context: 8192, slots: 2 }),
    );
    expect(failure.code).toBe('NOT_ENOUGH_MEMORY');
    expect(failure.detail).toMatch(
      /^weights .+ \+ KV cache .+ \(8,192 tokens × 2 slots\) \+ buffers .+ \+ process .+ = .+, --memory allows 1 MB$/,
    );
    expect(failure.hint).toMatch(/--memory.*--model.*--context/);
  });

  it('because more context was asked for than the model was trained on', async () => {
    const failure = await failureOf(EngineUnderTest.spawn(tiny, { context: 10_000 }));
    expect(failure.message).toMatch(/10,000.*8,192/);
  });

  it.each([
    ['is not there', (path: string) => rmSync(path)],
    ['is no model', (path: string) => writeFileSync(path, 'not a model at all'.repeat(1000))],
    ['is empty', (path: string) => truncateSync(path, 0)],
    ['was cut in its head', (path: string) => truncateSync(path, 2000)],
    ['was cut among its weights', (path: string) => truncateSync(path, 300_000)],
    ['lacks its last byte', (path: string) => truncateSync(path, readFileSync(path).length - 1)],
  ])('because the model file %s', async (_name, damage) => {
    const path = writeTinyGguf(join(folder, 'damaged.gguf'));
    damage(path);
    expect((await failureOf(EngineUnderTest.spawn(path))).code).toBe('MODEL_BROKEN');
  });

  it.each([
    ['before the engine’s own modules', {}],
    ['in the binding’s own way', { memoryBytes: 10 ** 15 }],
  ])('because llama.cpp does not know such a model, in llama.cpp’s words, %s', async (_, overrides) => {
    const path = join(folder, 'future.gguf');
    const bytes = tinyGguf();
    bytes.write('llamb', bytes.indexOf('llama'));
    writeFileSync(path, bytes);
    const failure = await failureOf(EngineUnderTest.spawn(path, overrides));
    expect(failure.code).toBe('MODEL_BROKEN');
    expect(failure.detail).toContain("unknown model architecture: 'llamb'");
  });
});

describe('the binding', () => {
  it('may be missing, which is said, or lie in a folder of its own, which is used', async () => {
    const packed = join(folder, 'packed');
    const modules = join(packed, 'node_modules');
    mkdirSync(modules, { recursive: true });
    cpSync(join(root, 'dist'), join(packed, 'dist'), { recursive: true });
    writeFileSync(join(packed, 'package.json'), '{"type":"module"}');
    for (const name of ['@hono', 'hono', 'zod', 'prom-client', 'pretty-bytes'])
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
    const main = join(packed, 'dist/engines/embedded/main.js');

    const failure = await failureOf(EngineUnderTest.spawn(tiny, {}, main));
    expect(failure.code).toBe('MISSING_PREREQUISITE');
    expect(failure.hint).toContain('botllm up');

    const engine = await EngineUnderTest.ready(tiny, { bindingRoot: root, slots: 1 }, main);
    try {
      expect((await engine.post(CHAT, ask(1))).status).toBe(200);
    } finally {
      await engine.kill();
    }
  });
});

describe('without being asked', () => {
  it('takes what the model was trained on and four slots where memory allows', async () => {
    const engine = await EngineUnderTest.ready(tiny);
    try {
      expect(await engine.health()).toMatchObject({ context: 8192, slots: 4, device: 'cpu' });
    } finally {
      await engine.kill();
    }
  });

  it('takes less where memory is short: slots first, then context', async () => {
    // Four slots of 8192 tokens would need 134 MB of cache; the rest is weights and the process itself.
    const wide = writeTinyGguf(join(folder, 'wide.gguf'), { context: 8192, layers: 8, width: 256 });
    const engine = await EngineUnderTest.ready(wide, { memoryBytes: 230_000_000 });
    try {
      const { context = 0, slots = 0 } = await engine.health();
      expect(context * slots).toBeLessThan(4 * 8192);
      expect(context).toBeGreaterThanOrEqual(4096);
      expect((await engine.post(CHAT, ask(1))).status).toBe(200);
    } finally {
      await engine.kill();
    }
  });
});

describe('while the model loads', () => {
  it('health answers 503 with phase and progress, and requests get 503 too', async () => {
    const engine = EngineUnderTest.spawn(realModel());
    try {
      await engine.until(() => engine.port !== undefined, 2);
      const phases = new Set<string>();
      const [health, post, models] = await Promise.all([
        fetch(`${engine.url}/health`),
        engine.post(CHAT, ask(1)),
        fetch(`${engine.url}/v1/models`),
      ]);
      expect(health.status).toBe(503);
      const body = (await health.json()) as Record<string, unknown>;
      expect(HealthReply.parse(body)).toMatchObject({ status: 'loading', instanceId: engine.job.instanceId });
      expect(body.error).toMatchObject({ code: 503, type: 'unavailable_error' });
      expect(post.status).toBe(503);
      expect(await post.json()).toMatchObject({ error: { type: 'unavailable_error' } });
      expect(models.status).toBe(503);
      await engine.until(async () => {
        const now = await engine.health();
        phases.add(now.phase);
        if (now.progress !== undefined) expect(now.progress).toBeLessThanOrEqual(1);
        return now.status === 'ok';
      }, 2);
      expect(phases.size).toBeGreaterThan(1);
    } finally {
      await engine.kill();
    }
  });

  it.each(['checks', 'load'])('SIGTERM in the phase %s ends it with exit 0 and no failure', async (phase) => {
    const engine = EngineUnderTest.spawn(realModel());
    try {
      await engine.until(() => engine.port !== undefined, 2);
      if (phase === 'load') await engine.until(async () => (await engine.health()).phase !== 'checks', 1);
      engine.child.kill('SIGTERM');
      expect(await engine.exited()).toBe(0);
      expect(engine.failure).toBeUndefined();
    } finally {
      await engine.kill();
    }
  });
});
