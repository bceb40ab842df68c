import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { runLevel } from '../../../src/bench/load/run-level.js';
import { metricsOf } from '../../../src/bench/trace/metrics.js';
import { OracleServer, oracleIsMissing } from '../../support/oracle-server.js';
import { realModel } from '../../support/real-model.js';
import { aPlan } from '../fixtures/plan.js';

/** A proxy that keeps the engine's own counts to itself. */
async function silenced(target: string) {
  const counts: number[] = [];
  const server = createServer((request, response) => {
    const { method, headers } = request;
    const there = forward(`${target}${request.url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? '' });
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        const lines = text.split('\n');
        text = lines.pop() ?? '';
        for (const line of lines) response.write(`${without(line, counts)}\n`);
      });
      answer.on('end', () => response.end(text));
    });
    // What is still on its way when the engine goes is let go.
    there.on('error', () => response.destroy());
    request.pipe(there);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, counts, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function without(line: string, counts: number[]): string {
  if (!line.startsWith('data: {')) return line;
  const {
    usage,
    timings: _,
    ...rest
  } = JSON.parse(line.slice(6)) as {
    usage?: { completion_tokens: number };
    timings?: object;
  };
  if (usage) counts.push(usage.completion_tokens);
  return `data: ${JSON.stringify(rest)}`;
}

test.skipIf(oracleIsMissing)('llama-server counts by /tokenize what its usage would have said', async () => {
  const oracle = await OracleServer.ready(realModel(), { context: 1024, slots: 1 });
  const { server, counts, url } = await silenced(oracle.url);
  try {
    const plan = aPlan({
      root: url,
      model: 'test-model',
      dialect: 'llamacpp',
      workload: { kind: 'synthetic', promptTokens: 32, outputTokens: 16, language: 'en' },
      warmup: 0,
      runs: 1,
      requestsPerRun: 2,
      timeoutMs: 240_000,
      maxInFlight: 4,
    });
    const signal = new AbortController().signal;
    const watch = { signal, now: () => performance.now(), onProgress: () => undefined };
    const { sent } = await runLevel(plan, watch);
    const found = sent.map(({ trace }) => metricsOf(trace));
    expect(found.map((one) => one?.tokenSource)).toEqual(['tokenize', 'tokenize']);
    // A text may be cut into tokens in more than one way, and the model chose another once in a while.
    for (const [i, one] of found.entries()) {
      expect(Math.abs((one?.outputTokens ?? 0) - (counts[i] ?? 0))).toBeLessThanOrEqual(2);
    }
  } finally {
    server.closeAllConnections();
    server.close();
    await oracle.kill();
  }
});
