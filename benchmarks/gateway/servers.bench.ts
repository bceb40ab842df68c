import { test } from 'vitest';
import { pairs, quick, say } from '../options.js';
import { startProgram } from '../program.js';
import { Figure, report } from '../report.js';
import { load, requireWrk } from './wrk.js';

/** Why the gateway stands on node:http, where the embedded engine, whose answers take a thousand times as long, has hono. */
const SECONDS = quick ? 2 : 5;

test('what an HTTP server costs', { timeout: 0 }, async () => {
  await requireWrk();
  await using node = startProgram('gateway/servers.mjs', ['node']);
  await using hono = startProgram('gateway/servers.mjs', ['hono']);
  const path = '/v1/chat/completions';
  const [ours, theirs] = [{ url: `${await node.line()}${path}` }, { url: `${await hono.line()}${path}` }];
  const alone = { clients: 1, seconds: SECONDS };
  const many = { clients: 64, seconds: SECONDS };
  const p50 = new Figure('p50 of 1 client, ms', 'hono');
  const perSecond = new Figure('answers a second to 64 clients', 'hono', { ratioAtLeast: 1 });
  for (const target of [ours, theirs]) await load(target, 'fresh', many);
  for (let pair = 1; pair <= pairs; pair += 1) {
    p50.add((await load(ours, 'fresh', alone)).p50, (await load(theirs, 'fresh', alone)).p50);
    perSecond.add((await load(ours, 'fresh', many)).perSecond, (await load(theirs, 'fresh', many)).perSecond);
    say(`pair ${pair}: ${p50.newest} · ${perSecond.newest}`);
  }
  report('node:http, a chat read and answered', [p50, perSecond]);
});
