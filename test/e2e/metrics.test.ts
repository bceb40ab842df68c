import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLlmClient } from '../../src/client/client.js';
import { freePort, Operator } from '../support/cli.js';
import { startFakeEngine } from '../support/fake-engine.js';

/** A process that answers GET of these paths, and remembers who asked. */
async function process(pages: Readonly<Record<string, () => string | Promise<string>>>) {
  const asked: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    asked.push(request);
    const page = pages[request.url ?? ''];
    response.writeHead(page ? 200 : 404).end(page ? await page() : 'nothing here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A runtime that imports the library, and made one call fresh and once more from the cache. */
async function runtime() {
  const engine = await startFakeEngine();
  const llm = createLlmClient({ baseUrl: engine.url, model: 'm', store: 'memory' });
  onTestFinished(async () => {
    await llm.close();
    await engine.close();
  });
  for (let call = 0; call < 2; call++) await llm.chat({ messages: [{ role: 'user', content: 'hi' }] });
  return process({ '/metrics': () => llm.metricsText() });
}

async function operator(env: Record<string, string> = {}) {
  const made = await Operator.create(env);
  onTestFinished(() => made[Symbol.asyncDispose]());
  return made;
}

describe('botllm metrics', () => {
  test('reads several processes, each by itself and all together', async () => {
    const [one, two] = [await runtime(), await runtime()];
    const person = await operator();
    const run = await person.run('metrics', '--metrics-url', `${one.url},${two.url}/metrics`, '--json');
    expect(run.exitCode).toBe(0);
    const { targets, together } = run.json().data as { targets: object[]; together: object };
    expect(targets).toHaveLength(2);
    expect(targets[0]).toMatchObject({
      url: `${one.url}/metrics`,
      clients: { requests: { success: 2, failed: 0 }, cache: { hits: 1, ratio: 0.5 } },
    });
    expect(together).toMatchObject({
      requests: { success: 4 },
      cache: { hits: 2 },
      tokens: { m: { input: 200, output: 40 } },
      latencyMs: { cached: { count: 2 }, asked: { count: 2 } },
    });
    const text = (await person.run('metrics', '--metrics-url', one.url)).stdout;
    expect(text).toMatch(/requests +2, 0 failed/);
    expect(text).toMatch(/cache +1 hits \(50.0 % of successes\)/);
    expect(text).toMatch(/tokens m +100 in, 20 out/);
  });

  test('one that does not answer, or has no metrics, is named, and the others are shown', async () => {
    const [good, page] = [await runtime(), await process({ '/metrics': () => '<html>' })];
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const person = await operator();
    const urls = [good.url, page.url, nobody].join(',');
    const run = await person.run('metrics', '--metrics-url', urls, '--json');
    expect(run.exitCode).toBe(3);
    expect(run.json().data.targets).toMatchObject([
      { clients: { requests: { success: 2 } } },
      { error: { code: 'ENGINE_ERROR', detail: expect.stringContaining('line 1') } },
      { url: nobody, error: { code: 'ENGINE_UNREACHABLE', detail: 'ECONNREFUSED' } },
    ]);
  });

  test('without addresses it reads the engine of this machine, with its key; a named process never sees that', async () => {
    const engine = await process({
      '/metrics': () => 'llamacpp:tokens_predicted_total 7\nllamacpp:requests_processing 1\n',
      '/health': () => '{"status":"ok"}',
    });
    const person = await operator({ LLM_BASE_URL: engine.url, LLM_API_KEY: 'the-key' });
    const run = await person.run('metrics', '--json');
    const found = (run.json().data.targets as { url: string }[]).filter(({ url }) =>
      url.startsWith(engine.url),
    );
    expect(found).toMatchObject([{ engine: { family: 'llamacpp', running: 1, outputTokens: 7 } }]);
    const of = (path: string) => engine.asked.filter(({ url }) => url === path).at(-1)?.headers.authorization;
    expect(of('/metrics')).toBe('Bearer the-key');
    await person.run('metrics', '--metrics-url', engine.url);
    expect(of('/metrics')).toBeUndefined();
  });

  test('Ollama, which counts nothing, is asked what it has loaded', async () => {
    const models = [{ name: 'qwen3:1.7b', size_vram: 2e9 }];
    const ollama = await process({ '/api/ps': () => JSON.stringify({ models }) });
    const run = await (await operator()).run('metrics', '--metrics-url', ollama.url);
    expect([run.exitCode, run.stdout]).toEqual([
      0,
      expect.stringMatching(/loaded +qwen3:1.7b \(2 GB of VRAM\)/),
    ]);
  });

  test('--watch goes on until it is asked to stop, a line of JSON each time', async () => {
    const one = await runtime();
    const person = await operator();
    const running = person.start(['metrics', '--metrics-url', one.url, '--watch', '100ms', '--json']);
    let lines = 0;
    for await (const line of running) {
      if (JSON.parse(String(line)).type === 'metrics' && ++lines === 3) running.kill('SIGINT');
    }
    expect(lines).toBeGreaterThanOrEqual(3);
  });
});
