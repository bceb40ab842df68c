import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJsonBody } from '../../src/openai-http/body.js';
import { createWireApp } from '../../src/openai-http/wire-app.js';
import { invalidRequest } from '../../src/openai-http/wire-error.js';
import { createWireServer } from '../../src/openai-http/wire-server.js';

const MIB = 1024 * 1024;

let server: ReturnType<typeof createWireServer>;
let port: number;
let url: string;

beforeEach(async () => {
  const app = createWireApp({ onUnexpected: () => undefined });
  app.get('/ok', (c) => c.json({ ok: true }));
  app.post('/echo', async (c) => c.json({ got: await readJsonBody(c.env.incoming) }));
  app.post('/refuse', () => {
    throw invalidRequest('no', 'field');
  });
  app.post('/crash', () => {
    throw new Error('secret detail at /internal/path.ts:12');
  });
  server = createWireServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  url = `http://127.0.0.1:${port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

interface RawReply {
  status: number;
  headers: IncomingHttpHeaders;
  body: { error?: { code: number; message: string; type: string; param?: string } } & Record<string, unknown>;
}

/** Sends and goes on sending until the reply is complete, as node's own client does. */
function sendUntilReply(
  path: string,
  bytes: number,
  headers: Record<string, string> = {},
): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const piece = Buffer.alloc(64 * 1024, 0x61);
    let sent = 0;
    const request = httpRequest({ port, host: '127.0.0.1', path, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as RawReply['body'];
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        request.destroy();
      });
    });
    request.on('error', reject);
    const write = () => {
      while (sent < bytes) {
        sent += piece.length;
        if (!request.write(piece)) {
          request.once('drain', write);
          return;
        }
      }
      request.end();
    };
    write();
  });
}

/** Sends everything first and reads only then, as simple clients do. Fails when it is cut off. */
function sendAllThenRead(path: string, bytes: number, host = 'localhost'): Promise<string> {
  return new Promise((resolve, reject) => {
    const piece = Buffer.alloc(64 * 1024, 0x61);
    const socket = connect(port, '127.0.0.1');
    socket.pause();
    socket.on('error', reject);
    socket.write(`POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${bytes}\r\n\r\n`);
    let left = bytes;
    const write = () => {
      while (left > 0) {
        const size = Math.min(left, piece.length);
        left -= size;
        if (!socket.write(piece.subarray(0, size))) {
          socket.once('drain', write);
          return;
        }
      }
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
        if (!text.endsWith('}')) return;
        resolve(text);
        socket.destroy();
      });
      socket.resume();
    };
    write();
  });
}

describe('a body over the limit', () => {
  it('is answered with a 413 that a client still sending 50 MB can read', async () => {
    const reply = await sendUntilReply('/echo', 50 * MIB);
    expect(reply.status).toBe(413);
    expect(reply.body.error).toMatchObject({ code: 413, type: 'invalid_request_error' });
  });

  it('is answered the same when its length was announced', async () => {
    const reply = await sendUntilReply('/echo', 50 * MIB, { 'content-length': String(50 * MIB) });
    expect(reply.status).toBe(413);
  });

  it('leaves the 413 to a client that sends all 50 MB before it reads', async () => {
    expect(await sendAllThenRead('/echo', 50 * MIB)).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":413/);
  });

  it('is readable by fetch, which sends a stream', async () => {
    let left = 50;
    const body = new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(new Uint8Array(MIB));
        else controller.close();
      },
    });
    const reply = await fetch(`${url}/echo`, { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect(reply.status).toBe(413);
    expect(await reply.json()).toMatchObject({ error: { code: 413 } });
  });

  it('does not hurt the next request', async () => {
    await sendAllThenRead('/echo', 3 * MIB);
    const reply = await fetch(`${url}/echo`, { method: 'POST', body: '{"a":1}' });
    expect(await reply.json()).toEqual({ got: { a: 1 } });
  });

  it('is taken up to exactly one MiB', async () => {
    const text = JSON.stringify('x'.repeat(MIB - 2));
    expect(text).toHaveLength(MIB);
    expect((await fetch(`${url}/echo`, { method: 'POST', body: text })).status).toBe(200);
    expect((await fetch(`${url}/echo`, { method: 'POST', body: `${text} ` })).status).toBe(413);
  });
});

describe('every refusal is readable by a client that is still sending', () => {
  it.each([
    ['/nope', 404, 'localhost'],
    ['/ok', 405, 'localhost'],
    ['/refuse', 400, 'localhost'],
    ['/crash', 500, 'localhost'],
    ['/echo', 403, 'evil.example'],
  ])('%s gives %i', async (path, status, host) => {
    const reply = await sendUntilReply(path, 8 * MIB, { host });
    expect(reply.status).toBe(status);
    expect(reply.body.error).toMatchObject({ code: status });
    expect(await sendAllThenRead(path, 8 * MIB, host)).toContain(`"code":${status}`);
  });
});

describe('a client that never stops sending', () => {
  it('is cut off after a bound', async () => {
    const bounded = createWireServer(createWireApp({ onUnexpected: () => undefined }), {
      bytes: MIB,
      ms: 60_000,
    });
    await new Promise<void>((resolve) => bounded.listen(0, '127.0.0.1', resolve));
    try {
      const socket = connect((bounded.address() as AddressInfo).port, '127.0.0.1');
      const closed = new Promise<void>((resolve) => {
        socket.on('error', () => undefined).on('close', () => resolve());
      });
      socket.resume();
      socket.write(`POST /nope HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${500 * MIB}\r\n\r\n`);
      const piece = Buffer.alloc(MIB);
      let sent = 0;
      while (sent < 500 && !socket.destroyed) {
        sent += 1;
        if (!socket.write(piece)) await Promise.race([once(socket, 'drain').catch(() => undefined), closed]);
        await sleep(1);
      }
      await closed;
      expect(sent).toBeLessThan(500);
    } finally {
      bounded.closeAllConnections();
      bounded.close();
    }
  });
});
