import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { proveToken } from '../../../src/engines/compose/ask.js';
import type { FamilyPlan } from '../../../src/engines/compose/families/contract.js';
import { takeSteps } from '../../../src/engines/compose/steps.js';

async function answering(answer: (response: ServerResponse, path: string) => void): Promise<string> {
  const server = createServer((request, response) => answer(response, request.url ?? ''));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const PULL: Pick<FamilyPlan, 'steps'> = { steps: [{ path: '/api/pull', body: { model: 'm' } }] };
const pull = (endpoint: string, signal = new AbortController().signal, seen: number[] = []) =>
  takeSteps(PULL as FamilyPlan, endpoint, {
    ...{ signal, timeoutMs: 20_000 },
    onPhase: (_, progress = Number.NaN) => void seen.push(progress),
  });

test('an engine that dies in the middle of its answer is an error of the model, not of botllm', async () => {
  const endpoint = await answering((response) => {
    response.write('{"total":100,"completed":10}\n');
    setTimeout(() => response.destroy(), 20);
  });
  await expect(pull(endpoint)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
});

test('one that is not there, refuses, or says an error inside a 200 is told so', async () => {
  await expect(pull('http://127.0.0.1:9')).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  const refusing = await answering((response) => response.writeHead(404).end('{}'));
  await expect(pull(refusing)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE', detail: '404' });
  const erring = await answering((response) => response.end('{"error":"pull model manifest: nothing"}'));
  await expect(pull(erring)).rejects.toMatchObject({ detail: 'pull model manifest: nothing' });
});

test('a line without an end, and words that are no JSON, are passed over', async () => {
  const seen: number[] = [];
  const endpoint = await answering((response) => {
    response.write('x'.repeat(200_000));
    response.write('\nnull\n[1]\n{"total":-1,"completed":"many"}\n{"total":4,"completed":9}\n');
    response.end();
  });
  await pull(endpoint, undefined, seen);
  expect(seen).toEqual([1]);
});

test('Ctrl-C ends a fetch at once', async () => {
  const endpoint = await answering((response) => void response.write('{}\n'));
  const interrupt = new AbortController();
  setTimeout(() => interrupt.abort(new Error('stop')), 50);
  await expect(pull(endpoint, interrupt.signal)).rejects.toThrow('stop');
});

test('an engine that answers without end is no engine', async () => {
  const endpoint = await answering((response) => {
    const more = () => {
      while (response.write('x'.repeat(64 * 1024)));
    };
    response.on('drain', more);
    more();
  });
  await expect(proveToken('m', { endpoint })).rejects.toMatchObject({ code: 'NOT_READY' });
});
