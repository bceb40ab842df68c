import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { LlmEvent } from '../../src/observability/events.js';
import { NO_HUB, Operator } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { serveOver } from './served.js';
import { HI } from './setup.js';

const ask = (url: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(HI), headers });

it('`serve` answers on loopback, and prints an event a line', async () => {
  await using served = await serveOver();
  expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect((await ask(served.url, { 'x-request-id': 'r-1', 'x-user-id': 'ann' })).status).toBe(200);
  await eventually(async () => served.lines.some(({ event }) => event === 'llm_success') || undefined);
  // On a busy machine its store may be late, which is told as well.
  const events = served.lines
    .map((line) => LlmEvent.parse(line))
    .filter(({ event }) => !event.startsWith('llm_store_'));
  expect(events.map(({ event }) => event)).toEqual(['llm_request', 'llm_success']);
  expect(events.every(({ requestId }) => requestId === 'r-1')).toBe(true);
  expect(JSON.stringify(events)).not.toContain('ann');
});

it('SIGTERM lets finish what is in flight, and then the process ends with 0', async () => {
  await using served = await serveOver({ REDIS_URL: 'none' });
  await served.engine.behave({ delayMs: 2_000 });
  const asking = ask(served.url);
  await eventually(async () => ((await served.engine.stats()).busy === 1 ? true : undefined));
  const { exitCode } = await served.stop('SIGTERM');
  expect((await asking).status).toBe(200);
  expect(exitCode).toBe(0);
});

it('SIGTERM waits no longer than --drain for an engine that is frozen', async () => {
  await using served = await serveOver({}, ['--drain', '300ms']);
  await ask(served.url);
  served.engine.freeze();
  const asking = fetch(`${served.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ messages: [{ role: 'user', content: 'other' }] }),
  });
  await eventually(async () =>
    served.lines.some(({ event }) => event === 'llm_request') ? true : undefined,
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  const begun = Date.now();
  const { exitCode } = await served.stop('SIGTERM');
  expect(exitCode).toBe(0);
  expect((await asking).status).toBe(503);
  // Without a bound it would wait for the call's own deadline, 45 s.
  expect(Date.now() - begun).toBeLessThan(30_000);
});

it('opens on other addresses than loopback with a key alone, and tells no key', async () => {
  await using served = await serveOver({ BOTLLM_API_KEYS: 'key-of-the-shell' }, ['--host', '0.0.0.0']);
  const url = served.url.replace('0.0.0.0', '127.0.0.1');
  expect((await ask(url)).status).toBe(401);
  expect((await ask(url, { authorization: 'Bearer key-of-the-shell' })).status).toBe(200);
  const { stderr } = await served.stop();
  expect(stderr).toContain('1 key is accepted');
  expect(stderr).not.toContain('key-of-the-shell');
});

it('names who holds the port that it wanted', async () => {
  await using operator = await Operator.create({ LLM_BASE_URL: NO_HUB });
  await using taken = await listenAnywhere();
  const { stdout } = await operator.start(['serve', '--port', String(taken.port), '--json']);
  expect(JSON.parse(stdout).error.detail).toContain(`(pid ${process.pid})`);
});

it.each([
  ['--host', '0.0.0.0', 6, 'BAD_CONFIG'],
  ['--port', 'taken', 5, 'PORT_TAKEN'],
])('does not start with %s %s: exit %i', async (flag, value, exit, code) => {
  await using operator = await Operator.create({ LLM_BASE_URL: NO_HUB });
  await using taken = await listenAnywhere();
  const args = [flag, value === 'taken' ? String(taken.port) : value, '--json'];
  const { exitCode, stdout } = await operator.start(['serve', ...args]);
  expect(exitCode).toBe(exit);
  const { error } = JSON.parse(stdout);
  expect(error).toMatchObject({ code, hint: expect.stringContaining('botllm serve') });
});

async function listenAnywhere() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: async () => void server.close() };
}
