import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJsonBody } from '../../src/openai-http/body.js';
import { sseResponse } from '../../src/openai-http/sse.js';
import { createWireApp } from '../../src/openai-http/wire-app.js';
import { createWireServer } from '../../src/openai-http/wire-server.js';

let server: ReturnType<typeof createWireServer>;
let port: number;
let url: string;
let unexpected: unknown[];
let goneCount: number;

beforeEach(async () => {
  unexpected = [];
  goneCount = 0;
  const app = createWireApp({ onUnexpected: (error) => unexpected.push(error) });
  app.get('/ok', (c) => c.json({ ok: true }));
  app.post('/echo', async (c) => c.json({ got: await readJsonBody(c.env.incoming) }));
  app.post('/crash', () => {
    throw new Error('secret detail at /internal/path.ts:12');
  });
  app.post('/wait', async (c) => {
    const gone = c.get('gone');
    await new Promise((resolve) => gone.addEventListener('abort', resolve));
    goneCount += 1;
    return c.json({});
  });
  app.post('/stream', (c) =>
    sseResponse(async (writer) => {
      for (let n = 0; n < 1000 && !c.get('gone').aborted; n++) {
        writer.send({ n });
        await sleep(1);
      }
      goneCount += c.get('gone').aborted ? 1 : 0;
      writer.done();
    }),
  );
  server = createWireServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  url = `http://127.0.0.1:${port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('refusals', () => {
  const post = async (path: string, body: string, headers: Record<string, string> = {}) =>
    await fetch(url + path, { method: 'POST', body, headers });

  it('names method, path and what is allowed', async () => {
    const wrong = await fetch(`${url}/echo`);
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('POST');
    const unknown = await fetch(`${url}/nope?x=1`);
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({
      error: { type: 'not_found_error', message: expect.stringContaining('/nope') },
    });
  });

  it('answers a broken, an empty and a wrong body with 400', async () => {
    for (const body of ['{"a":', '', '   ', 'hello']) {
      const reply = await post('/echo', body);
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    }
  });

  it('never shows a stack or the words of an inner error', async () => {
    const reply = await post('/crash', '{}', { 'x-request-id': 'call-1' });
    expect(reply.status).toBe(500);
    const text = await reply.text();
    expect(text).not.toMatch(/secret|internal\/path|at /);
    expect(text).toContain('call-1');
    expect(unexpected).toHaveLength(1);
  });

  it('answers bytes that are not HTTP in the same shape', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('NOT HTTP AT ALL\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: { code: 400 } });
  });

  it('answers a request without Host with 403 in the same shape', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write('GET /ok HTTP/1.1\r\nConnection: close\r\n\r\n'),
      );
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain('permission_error');
  });
});

describe('request ids', () => {
  it('come back as they were sent when they are short and plain', async () => {
    const reply = await fetch(`${url}/ok`, { headers: { 'x-request-id': 'bot-7:turn.3' } });
    expect(reply.headers.get('x-request-id')).toBe('bot-7:turn.3');
  });

  it('are replaced when they are long or strange, and made up when absent', async () => {
    for (const sent of ['x'.repeat(129), 'a b', '<script>']) {
      const reply = await fetch(`${url}/ok`, { headers: { 'x-request-id': sent } });
      expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect((await fetch(`${url}/ok`)).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect((await fetch(`${url}/nope`)).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a client that goes away', () => {
  it.each(['/wait', '/stream'])('is noticed at %s', async (path) => {
    const controller = new AbortController();
    const call = fetch(url + path, { method: 'POST', body: '{}', signal: controller.signal });
    await sleep(30);
    controller.abort();
    await call.then((reply) => reply.text()).catch(() => undefined);
    for (let n = 0; n < 200 && goneCount === 0; n++) await sleep(10);
    expect(goneCount).toBe(1);
  });
});
