import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineStatus, engineStatus } from '../../src/engines/status.js';
import { homeLayout } from '../../src/settings/home.js';
import { FakeEngineProcess } from '../support/fake-engine-process.js';
import { figure } from '../support/figure.js';

/** A look may take a second. */
const HANGING_MS = 30_000;

let home: string;
let engine: FakeEngineProcess;
beforeEach(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'botllm-health-'));
  engine = await FakeEngineProcess.start();
});
afterEach(async () => {
  await engine.kill();
  rmSync(home, { recursive: true, force: true });
});

async function look(url = engine.url): Promise<EngineStatus> {
  const from = performance.now();
  const status = await engineStatus(homeLayout(home), { remoteUrl: url });
  const tookMs = performance.now() - from;
  if (tookMs > 500) figure(`a look at an engine that is ${status.state} took ${tookMs.toFixed(0)} ms`);
  expect(tookMs).toBeLessThan(HANGING_MS);
  return status;
}

describe('a look at an engine', () => {
  it('says what it is, from its loading to its death, and costs no token', async () => {
    await engine.behave({ mode: 'loading' });
    expect(await look()).toMatchObject({ engine: 'remote', state: 'loading' });
    await engine.behave({ mode: 'ready' });
    expect(await look()).toMatchObject({ state: 'ready' });
    expect(await look(`${engine.url}/v1`)).toMatchObject({ state: 'ready' });
    expect(await engine.stats()).toMatchObject({ posts: 0, tokens: 0 });

    engine.freeze();
    expect(await look()).toMatchObject({ state: 'unhealthy' });
    engine.thaw();
    expect(await look()).toMatchObject({ state: 'ready' });
    await engine.kill();
    expect(await look()).toMatchObject({ state: 'stopped' });
    await engine.restart();
    expect(await look()).toMatchObject({ state: 'ready' });
    expect(await engine.stats()).toMatchObject({ posts: 0, tokens: 0 });
  });

  it('takes a busy engine for what it is: ready', async () => {
    await engine.behave({ delayMs: 60_000 });
    const gone = new AbortController();
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'hi' }] });
    const work = Array.from({ length: 32 }, () =>
      fetch(`${engine.url}/v1/chat/completions`, { method: 'POST', body, signal: gone.signal }).catch(
        () => {},
      ),
    );
    await expect.poll(async () => (await engine.stats()).busy).toBe(32);
    expect(await look()).toMatchObject({ state: 'ready' });
    gone.abort();
    await Promise.all(work);
  });

  it.each<[string, string, (socket: Socket) => void]>([
    ['accepts and says nothing', 'unhealthy', () => {}],
    ['hangs up', 'stopped', (socket) => socket.destroy()],
    ['does not speak HTTP', 'stopped', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    ['answers 500', 'unhealthy', (socket) => socket.end('HTTP/1.1 500 no\r\ncontent-length: 0\r\n\r\n')],
    [
      'begins to answer and stops',
      'unhealthy',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'),
    ],
    ['never ends its answer', 'unhealthy', (socket) => pour(socket)],
  ])('is not taken in by something that %s', async (_, state, behave) => {
    const { url, close } = await listening(behave);
    try {
      expect(await look(url)).toMatchObject({ state });
    } finally {
      await close();
    }
  });
});

async function listening(behave: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => behave(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

/** An answer as long as somebody takes it. */
function pour(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n');
  const piece = 'x'.repeat(1 << 16);
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}
