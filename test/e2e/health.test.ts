import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as NetServer } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Operator } from '../support/cli.js';
import { FakeEngineProcess } from '../support/fake-engine-process.js';

test('botllm health says what an engine is, by word and by exit code, and costs it no token', async () => {
  await using operator = await Operator.create();
  const engine = await FakeEngineProcess.start({ mode: 'loading' });
  const health = async () => {
    const { exitCode, json } = await operator.run('health', '--base-url', engine.url, '--json');
    return [json().data.state, exitCode];
  };
  try {
    expect(await health()).toEqual(['loading', 4]);
    await engine.behave({ mode: 'ready' });
    expect(await health()).toEqual(['ready', 0]);
    engine.freeze();
    expect(await health()).toEqual(['unhealthy', 4]);
    engine.thaw();
    expect(await health()).toEqual(['ready', 0]);
    expect(await engine.stats()).toMatchObject({ posts: 0, tokens: 0 });
    await engine.kill();
    expect(await health()).toEqual(['stopped', 3]);
  } finally {
    await engine.kill();
  }
});

test('it says the same of what is no engine, of a black hole and of a mistake in the configuration', async () => {
  await using operator = await Operator.create();
  const foreign = createServer((_, response) => response.writeHead(404).end('no such page'));
  const hole = createTcpServer(() => undefined);
  await Promise.all([foreign, hole].map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
  const at = (server: NetServer) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const health = async (...args: string[]) => {
    const [text, data] = [
      await operator.run('health', ...args),
      await operator.run('health', ...args, '--json'),
    ];
    expect(data.exitCode).toBe(text.exitCode);
    const { data: found, error } = data.json();
    return { word: text.stdout, says: found?.state ?? error?.code, exitCode: text.exitCode };
  };
  try {
    expect(await health()).toEqual({ word: 'not running', says: 'stopped', exitCode: 3 });
    // Ollama has no /health and answers 404: whoever speaks HTTP there is taken at his word.
    expect(await health('--base-url', at(foreign))).toEqual({ word: 'ready', says: 'ready', exitCode: 0 });
    const silent = { word: 'not answering', says: 'unhealthy', exitCode: 4 };
    expect(await health('--base-url', at(hole))).toEqual(silent);
    const waited = await health('--base-url', at(hole), '--wait', '--timeout', '1500ms');
    expect(waited).toEqual({ word: '', says: 'NOT_READY', exitCode: 4 });
    expect(await health('--base-url', 'nonsense')).toEqual({ word: '', says: 'USAGE', exitCode: 2 });
    await writeFile(path.join(operator.home, 'botllm.config.json'), '{"LLM_TIMEOUT": "soon"}');
    expect(await health()).toEqual({ word: '', says: 'BAD_CONFIG', exitCode: 6 });
  } finally {
    foreign.close();
    hole.close();
  }
});
