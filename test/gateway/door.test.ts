import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLlmClient } from '../../src/client/client.js';
import { createGateway } from '../../src/gateway/gateway.js';
import { isLoopback } from '../../src/gateway/listen.js';
import { failure } from '../client/setup.js';
import { eventually } from '../support/eventually.js';
import { completion } from '../support/fake-engine.js';
import { gatewayBench, HI, statusWith } from './setup.js';

const CHAT = '/v1/chat/completions';
const KEYS = ['first-key-of-two', 'second-key-of-two'];

describe('the gateway’s door', () => {
  it('listens on loopback when nothing else is said', async () => {
    const { url } = await gatewayBench();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'my-host'])('does not open on %s without a key', async (host) => {
    const gateway = createGateway({ llm: createLlmClient({ store: 'memory' }) });
    expect(await failure(gateway.listen({ host, port: 0 }))).toMatchObject({ code: 'BAD_CONFIG' });
  });

  it('opens on every address with one', async () => {
    const gateway = createGateway({ llm: createLlmClient({ store: 'memory' }), keys: KEYS });
    const { port } = await gateway.listen({ host: '0.0.0.0', port: 0 });
    expect(await statusWith(`http://127.0.0.1:${port}/health`, { host: 'any.name' })).toBe(200);
    await gateway.close();
  });

  it('knows which addresses are loopback', () => {
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])
      expect(isLoopback(host)).toBe(true);
    for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.evil', '127.0.0.1.evil'])
      expect(isLoopback(host)).toBe(false);
  });

  it('says that a port is taken, and which command to try', async () => {
    const { url } = await gatewayBench();
    const second = createGateway({ llm: createLlmClient({ store: 'memory' }) });
    const port = Number(new URL(url).port);
    expect(await failure(second.listen({ port }))).toMatchObject({
      code: 'PORT_TAKEN',
      hint: `botllm serve --port ${port + 1}`,
    });
  });

  it('asks for one of its keys under /v1, and for none where probes look', async () => {
    const { engine, ask } = await gatewayBench({ gateway: { keys: KEYS } });
    const none = await ask(CHAT, HI);
    expect(none.status).toBe(401);
    expect(none.headers.get('www-authenticate')).toBe('Bearer');
    expect(none.json().error).toMatchObject({ type: 'authentication_error', code: 'missing_api_key' });
    const wrong = await ask(CHAT, HI, { authorization: 'Bearer first-key-of-tw' });
    expect(wrong.json().error.code).toBe('invalid_api_key');
    expect((await ask('/v1/models')).status).toBe(401);
    expect(engine.seen).toHaveLength(0);
    for (const key of KEYS)
      expect((await ask(CHAT, HI, { authorization: `Bearer ${key}` })).status).toBe(200);
    for (const path of ['/health', '/ready', '/metrics']) expect((await ask(path)).status).toBe(200);
  });

  it('does not hand the caller’s key to the engine', async () => {
    const { engine, ask } = await gatewayBench({ gateway: { keys: KEYS } });
    await ask(CHAT, HI, { authorization: `Bearer ${KEYS[0]}` });
    expect(engine.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('is shut to web pages: foreign Host, foreign Origin', async () => {
    const { url } = await gatewayBench();
    expect(await statusWith(`${url}/v1/models`, { host: 'evil.example' })).toBe(403);
    expect(await statusWith(`${url}/v1/models`, { origin: 'https://evil.example' })).toBe(403);
    expect(await statusWith(`${url}/v1/models`, { origin: 'http://localhost:3000' })).toBe(200);
  });

  it('reads no body above its limit', async () => {
    const { ask, engine } = await gatewayBench({ gateway: { bodyLimitBytes: 1000 } });
    const { status, json } = await ask(CHAT, { messages: [{ role: 'user', content: 'x'.repeat(5000) }] });
    expect(status).toBe(413);
    expect(json().error.type).toBe('invalid_request_error');
    expect(engine.seen).toHaveLength(0);
  });

  it('lets a client that sends all of a body above it before it reads have its answer', async () => {
    const { url } = await gatewayBench();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const megabyte = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    const send = (text: string) => new Promise<void>((resolve) => socket.write(text, () => resolve()));
    // Of a length that is not announced.
    await send(`POST ${CHAT} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`);
    for (let sent = 0; sent < 20; sent += 1) await send(megabyte);
    await send('0\r\n\r\n');
    const [first] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
    socket.destroy();
    expect(first).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('answers unknown paths, wrong methods and what is no HTTP in OpenAI’s shape', async () => {
    const { url, ask } = await gatewayBench();
    expect((await ask('/v1/embeddings', {})).json().error.message).toContain('/v1/embeddings');
    expect((await ask('/constructor')).status).toBe(404);
    const wrong = await ask(CHAT);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.end('nonsense\r\n\r\n');
    let text = '';
    for await (const chunk of socket.setEncoding('utf8')) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 400/);
    expect(text).toContain('invalid_request_error');
  });
});

describe('what is asked about the gateway', () => {
  it('/health says that it lives, whatever the engine does', async () => {
    const { engine, ask } = await gatewayBench();
    await engine.close();
    expect((await ask('/health')).json()).toEqual({ status: 'ok' });
  });

  it('/ready says whether the engine would answer', async () => {
    const { engine, ask } = await gatewayBench();
    expect((await ask('/ready')).status).toBe(200);
    await engine.close();
    const { status, json } = await ask('/ready');
    expect(status).toBe(503);
    expect(json()).toMatchObject({ status: 'not ready', engine: 'away' });
    expect(engine.seen).toHaveLength(0);
  });

  it('/v1/models lists the one that there is, and knows it by name', async () => {
    const { ask } = await gatewayBench({ client: { model: undefined } });
    expect((await ask('/v1/models')).json()).toMatchObject({
      object: 'list',
      data: [{ id: 'fake-model', object: 'model', owned_by: 'botllm' }],
    });
    expect((await ask('/v1/models/fake-model')).json().id).toBe('fake-model');
    expect((await ask('/v1/models/gpt-4')).json().error.code).toBe('model_not_found');
    expect((await ask('/v1/models/%zz')).status).toBe(404);
  });

  it('/metrics has the families of the client behind it', async () => {
    const { ask } = await gatewayBench();
    await ask(CHAT, HI);
    const { headers, text } = await ask('/metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    expect(text).toContain('llm_requests_total{type="chat_completion",status="success"} 1');
  });
});

describe('a client that goes away', () => {
  it.each([false, true])('closes its request at the engine (streamed: %s)', async (stream) => {
    const { engine, url } = await gatewayBench();
    engine.answerWith(() => {});
    const control = new AbortController();
    const asking = fetch(`${url}${CHAT}`, {
      method: 'POST',
      body: JSON.stringify({ ...HI, stream }),
      signal: control.signal,
    });
    await eventually(async () => engine.seen[0]);
    control.abort();
    await failure(asking);
    await eventually(async () => engine.seen[0]?.closedEarly || undefined);
  });
});

describe('a gateway that stops', () => {
  it('lets finish what is in flight, and closes its connections', async () => {
    const { engine, gateway, ask, url } = await gatewayBench();
    engine.answerWith(completion('late', { delayMs: 200 }));
    const asking = ask(CHAT, HI);
    await eventually(async () => engine.seen[0]);
    const closing = gateway.close({ drainMs: 3000 });
    const { status, headers } = await asking;
    expect(status).toBe(200);
    expect(headers.get('connection')).toBe('close');
    await closing;
    expect(await failure(fetch(`${url}/health`))).toBeInstanceOf(TypeError);
  });

  it('refuses what comes meanwhile, on a connection that was there before as well', async () => {
    const { engine, gateway, ask, url } = await gatewayBench();
    engine.answerWith(completion('late', { delayMs: 400 }));
    const asking = ask(CHAT, HI);
    await eventually(async () => engine.seen[0]);
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'another' }] });
    const head = `POST ${CHAT} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n`;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    // Begun, so that it is not closed as one that nobody uses.
    await new Promise<void>((resolve) => socket.write(head, () => resolve()));
    await sleep(50);
    const closing = gateway.close({ drainMs: 3000 });
    socket.write(`\r\n${body}`);
    let text = '';
    for await (const chunk of socket.setEncoding('utf8')) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(text).toContain('unavailable_error');
    expect(text.toLowerCase()).toContain('retry-after: 1');
    expect((await asking).status).toBe(200);
    await closing;
    expect(engine.seen).toHaveLength(1);
  });

  it('ends after its time what is not finished, and says 503', async () => {
    const { engine, gateway, ask } = await gatewayBench();
    engine.answerWith(() => {});
    const asking = ask(CHAT, HI);
    await eventually(async () => engine.seen[0]);
    const begun = Date.now();
    await gateway.close({ drainMs: 100 });
    const { status, json } = await asking;
    expect(status).toBe(503);
    expect(json().error.type).toBe('unavailable_error');
    expect(Date.now() - begun).toBeLessThan(5000);
    await eventually(async () => engine.seen[0]?.closedEarly || undefined);
  });

  it('ends a stream under way with an error event', async () => {
    const { engine, gateway, ask } = await gatewayBench();
    engine.answerWith(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"choices":[{"delta":{"content":"half"}}]}\n\n');
      await sleep(30_000, undefined, { ref: false });
    });
    const asking = ask(CHAT, { ...HI, stream: true });
    await eventually(async () => engine.seen[0]);
    await sleep(50);
    await gateway.close({ drainMs: 50 });
    const { events } = await asking;
    expect(JSON.parse(events().at(-1) ?? '').error.type).toBe('unavailable_error');
  });
});
