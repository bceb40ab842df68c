import { test } from 'vitest';
import { RedisServer } from '../../test/support/redis-server.js';
import { pairs, quick, say } from '../options.js';
import { startProgram } from '../program.js';
import { Figure, report } from '../report.js';
import { percentile } from '../timing.js';
import { litellm, ours, portkey } from './contestants.js';
import { firstToken } from './first-token.js';
import { load, requireWrk, type Target } from './wrk.js';

/** What the gateway costs, beside the bare engine and beside other gateways, which go without their guards. */
const SECONDS = quick ? 2 : 5;
const STREAMS = quick ? 300 : 1500;

test('the gateway in front of an engine that answers at once', { timeout: 0 }, async () => {
  await requireWrk();
  await using engine = startProgram('gateway/engine.mjs');
  await using redis = await RedisServer.start();
  const root = await engine.line();
  const bare = { url: `${root}/v1/chat/completions` };
  await using gateway = await ours(root, redis.url);
  await using slow = await litellm(root);
  await using other = await portkey(root);

  const alone = { clients: 1, seconds: SECONDS };
  const many = { clients: 64, seconds: SECONDS };
  const added = new Figure('p50 of 1 client, ms', 'engine alone', { addedAtMost: 0.7 });
  const first = new Figure('first streamed token, p50 ms', 'engine alone', { addedAtMost: 0.5 });
  const only = new Figure('the same, its end in one packet with it', 'engine alone', { addedAtMost: 0.5 });
  const cached = new Figure('cached answers a second', '', { atLeast: 5000 });
  const beside = [
    ...(slow ? [{ peer: slow, goal: 20 }] : []),
    ...(other ? [{ peer: other, goal: 3 }] : []),
  ].map(({ peer, goal }) => ({
    peer,
    figure: new Figure(`answers a second to 64 clients`, peer.name, { ratioAtLeast: goal }),
    alone: new Figure('p50 of 1 client, ms', peer.name),
  }));
  const uncached = new Figure('answers a second to 64 clients', 'engine alone');
  const memory = new Figure('resident memory, MB', slow?.name ?? '', { atMost: 150 });
  const firstOf = async (target: Target, tokens: 'many' | 'one') => {
    const taken: number[] = [];
    for (let i = 0; i < STREAMS; i += 1) taken.push(await firstToken(target, tokens));
    return percentile(Float64Array.from(taken).sort(), 50);
  };

  for (const target of [gateway, bare]) await load(target, 'fresh', many);
  for (const { peer } of beside) await load(peer, 'fresh', { clients: 64, seconds: 3 * SECONDS });
  // Its answer has to be there first: of 64 who ask at once for one user, the limit lets ten pass.
  await load(gateway, 'same', alone);
  await load(gateway, 'same', many);
  await firstOf(gateway, 'many');
  for (let pair = 1; pair <= pairs; pair += 1) {
    added.add((await load(gateway, 'fresh', alone)).p50, (await load(bare, 'fresh', alone)).p50);
    first.add(await firstOf(gateway, 'many'), await firstOf(bare, 'many'));
    only.add(await firstOf(gateway, 'one'), await firstOf(bare, 'one'));
    uncached.add((await load(gateway, 'fresh', many)).perSecond, (await load(bare, 'fresh', many)).perSecond);
    cached.add((await load(gateway, 'same', many)).perSecond);
    for (const { peer, figure, alone: p50 } of beside) {
      const own = uncached.ours.at(-1) ?? Number.NaN;
      figure.add(own, (await load(peer, 'fresh', many)).perSecond);
      p50.add(added.ours.at(-1) ?? Number.NaN, (await load(peer, 'fresh', alone)).p50);
    }
    memory.add(gateway.megabytes(), slow?.megabytes());
    const newest = [added, first, only, uncached, cached, ...beside.map(({ figure }) => figure), memory];
    say(`pair ${pair}: ${newest.map((figure) => figure.newest).join(' · ')}`);
  }
  const missing = [...(slow ? [] : ['LiteLLM']), ...(other ? [] : ['Portkey'])];
  report(
    'the gateway, with cache, limiter, metrics and events on (Redis)',
    [
      added,
      first,
      only,
      uncached,
      cached,
      ...beside.flatMap(({ figure, alone: p50 }) => [figure, p50]),
      memory,
    ],
    missing.map((name) => `not installed here, so not compared: ${name}`),
  );
});
