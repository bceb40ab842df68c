import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { BenchDocument } from '../../src/bench/report/schema.js';
import { processStartTime } from '../../src/engines/process-identity.js';
import { Operator, toRun } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { type FakeEngine, startFakeEngine, streamed } from '../support/fake-engine.js';

let engine: FakeEngine;
let operator: Operator;
const SMALL = ['--runs', '2', '--requests', '3', '--pp', '16', '--tg', '12', '--no-self-test', '--json'];
const bench = (...args: string[]) =>
  operator.start(['bench', ...SMALL, '--base-url', engine.url, ...args], {});

beforeAll(async () => {
  engine = await startFakeEngine();
  engine.answerWith(streamed(Array<string>(12).fill('word '), { finish: 'length', gapMs: 1 }));
  operator = await Operator.create();
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
  await engine?.close();
});
beforeEach(() => {
  engine.seen.length = 0;
});

/** `botllm serve` children of a process. */
async function gatewaysOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = text.split(' ').filter(Boolean).map(Number);
  const lines = await Promise.all(
    children.map((child) => readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')),
  );
  return children.filter((_, i) => lines[i]?.includes('serve'));
}

test('three ways are measured in one run, and what each adds is said', async () => {
  const run = toRun(await bench('--via', 'engine,client,gateway'));
  expect([run.exitCode, run.stderr]).toEqual([0, expect.any(String)]);
  const [target] = BenchDocument.parse(run.json()).data.targets;
  expect(target?.results.map(({ via, errors, phase }) => [via, errors.total, phase.measured])).toEqual([
    ['engine', 0, 6],
    ['client', 0, 6],
    ['gateway', 0, 6],
  ]);
  for (const { metrics } of target?.results ?? []) expect(metrics.tpot_ms?.mean).toBeGreaterThan(0);
  // What came by the gateway left its user there, and goes by a request of the gateway's own making.
  const byGateway = engine.seen.filter(({ headers }) => /-gateway-/.test(String(headers['x-request-id'])));
  expect(byGateway.length).toBeGreaterThanOrEqual(6);
  for (const { headers } of byGateway) expect(headers).not.toHaveProperty('x-user-id');
  const table = toRun(
    await operator.start([
      ...['bench', ...SMALL.slice(0, -1), '--base-url', engine.url, '--via', 'engine,gateway'],
    ]),
  );
  expect(table.stdout).toMatch(/via gateway: TTFT [+−][\d.]+ ms \[.*\] against the engine asked directly/);
});

test('the gateway of a measurement has no cache and no limit, whatever the settings say', async () => {
  const env = { LLM_RATE_LIMIT: '1', LLM_CACHE_TTL: '900', LLM_MAX_PROMPT_CHARS: '10', LLM_ENABLED: 'false' };
  const args = ['bench', ...SMALL, '--base-url', engine.url, '--via', 'gateway', '--prefix-cache', 'warm'];
  const run = toRun(await operator.start(args, { env }));
  const [target] = BenchDocument.parse(run.json()).data.targets;
  expect(target?.results[0]).toMatchObject({ via: 'gateway', errors: { total: 0 }, phase: { measured: 6 } });
  expect(engine.seen.length).toBeGreaterThanOrEqual(6);
});

test('one that runs is measured past its cache and its limit, with its key', async () => {
  const env = { LLM_RATE_LIMIT: '1', BOTLLM_API_KEYS: 'a-key-of-at-least-sixteen' };
  const serve = operator.start(['serve', '--port', '0', '--base-url', engine.url, '--json', '--quiet'], {
    env,
  });
  try {
    const line = await new Promise<string>((resolve) => serve.stdout.once('data', (b) => resolve(String(b))));
    const { url } = (JSON.parse(line) as { data: { url: string } }).data;
    const args = ['bench', ...SMALL, '--base-url', engine.url, '--via', 'gateway', '--gateway-url', url];
    const run = toRun(await operator.start(args, { env }));
    const [target] = BenchDocument.parse(run.json()).data.targets;
    expect(target?.results[0]).toMatchObject({ errors: { total: 0 }, phase: { measured: 6 } });
    expect(engine.seen.length).toBeGreaterThanOrEqual(6);
    // It goes on: it is not the measurement's.
    expect((await fetch(`${url}/health`)).status).toBe(200);
  } finally {
    serve.kill('SIGTERM');
    await serve;
  }
});

test('a gateway that was started for a measurement ends with it, also when that is killed', async () => {
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const child = bench('--via', 'gateway', '--requests', '10000');
    const [gateway = 0] = await eventually(async () => {
      const found = await gatewaysOf(child.pid ?? 0);
      return found.length > 0 && engine.seen.length > 0 ? found : undefined;
    });
    child.kill(signal);
    await child;
    await eventually(async () => ((await processStartTime(gateway)) === null ? true : undefined));
    engine.seen.length = 0;
  }
});

test('one that does not start is no figure, and its last words are said; nor is one that is not there', async () => {
  const env = { BOTLLM_API_KEYS_FILE: '/nowhere/keys' };
  const args = ['bench', ...SMALL, '--base-url', engine.url, '--via', 'gateway'];
  const run = toRun(await operator.start(args, { env }));
  expect(run.json().error).toMatchObject({
    code: 'ENGINE_FAILED',
    message: expect.stringContaining('/nowhere/keys'),
  });
  const nobody = await operator.run(...args, '--gateway-url', 'http://127.0.0.1:9');
  expect([nobody.exitCode, nobody.json().error.message]).toEqual([1, expect.stringContaining('127.0.0.1:9')]);
});
