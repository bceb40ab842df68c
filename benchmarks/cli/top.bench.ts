import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'vitest';
import { BIN, Operator } from '../../test/support/cli.js';
import { childOf, processorSeconds } from '../../test/support/process-cost.js';
import { Pty } from '../../test/support/pty.js';
import { call } from '../../test/tui/model.js';
import { pairs, quick, say } from '../options.js';
import { Figure, report } from '../report.js';

const WARM_UP_MS = 10_000;
const SPAN_MS = quick ? 5_000 : 20_000;

function exposition(calls: number): string {
  const buckets = [100, 1_000, 10_000, '+Inf'].map((le) => `llm_latency_ms_bucket{le="${le}"} ${calls}`);
  return [`llm_requests_total{status="success"} ${calls}`, `llm_tokens_total{type="output"} ${calls * 12}`]
    .concat(buckets, '')
    .join('\n');
}

/** What a watch costs that somebody leaves open all day: the overview, once a second, in a quiet hour and a busy one. */
test('top', { timeout: 0 }, async () => {
  await using operator = await Operator.create();
  const quiet = new Figure('percent of a core, nothing happens', '', { atMost: 2 });
  const busy = new Figure('percent of a core, a call and other counters every second', '', { atMost: 2 });
  let calls = 0;
  const counters = createServer((_, response) => {
    response.end(exposition(calls));
  });
  await once(counters.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(counters.address() as AddressInfo).port}/metrics`;
  const log = path.join(operator.env.BOTLLM_HOME ?? '', 'logs', 'events.ndjson');
  await mkdir(path.dirname(log), { recursive: true });
  const isBusy = { now: false };
  const traffic = setInterval(() => {
    if (!isBusy.now) return;
    calls += 1;
    const events = call(`r${calls}`, 'intent', { event: 'llm_success', latencyMs: 400 + calls, attempts: 1 });
    appendFileSync(log, `${events.map((event) => JSON.stringify(event)).join('\n')}\n`);
  }, 1_000);
  const command = [process.execPath, BIN, 'top', '--metrics-url', url];
  const timeoutMs = 2 * pairs * SPAN_MS + 120_000;
  await using pty = new Pty(command, { columns: 120, rows: 40, env: operator.env, timeoutMs });
  await pty.shows(/Overview/);
  await sleep(WARM_UP_MS);
  const watch = childOf(pty.pid);
  for (let pair = 1; pair <= pairs; pair += 1) {
    for (const figure of [quiet, busy]) {
      isBusy.now = figure === busy;
      const [from, startedAt] = [processorSeconds(watch), performance.now()];
      await sleep(SPAN_MS);
      figure.add(((processorSeconds(watch) - from) / (performance.now() - startedAt)) * 100_000);
    }
    say(`span ${pair}: ${quiet.newest} · ${busy.newest}`);
  }
  clearInterval(traffic);
  counters.close();
  report('botllm top', [quiet, busy], ['spans of one watch in turn, after its start; no engine runs']);
});
