import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
// The built one, as the commands open it.
import { openStore } from '../../dist/stores/open.js';
import { cacheKey, limitKey } from '../../src/stores/keys.js';
import { type CliRun, Operator, toRun } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { RedisCluster } from '../support/redis-cluster.js';
import { redisIsMissing } from '../support/redis-server.js';
import { commandLine, screen } from '../support/screen.js';
import { KINDS, type StoreAtHand, storeAtHand } from '../support/store-at-hand.js';

const LIFE = 900_000;
const PHI = 'microsoft/Phi-3-mini-4k-instruct';
const key = (task: string, model: string, hash: string, scope = '-') =>
  cacheKey({ scope, task, model, hash });
const aged = (ms: number) => `${Date.now() - ms} {"v":1}`;

/** What a command says; a store that a busy machine did not hear within a second is asked again. */
function heard(command: () => Promise<CliRun>) {
  return eventually(async () => {
    const { exitCode, json } = await command();
    return exitCode === 3 ? undefined : json().data;
  });
}

describe.each(KINDS)('the commands over the %s store', (kind) => {
  let operator: Operator;
  let at: StoreAtHand;
  beforeAll(async () => {
    operator = await Operator.create();
    at = await storeAtHand(kind, operator);
  });
  afterAll(async () => {
    await operator?.[Symbol.asyncDispose]();
    await at?.close();
  });
  beforeEach(async () => {
    await at.store.clearCache({});
    await at.store.resetAll();
  });
  const botllm = (...args: string[]): Promise<CliRun> => operator.runWith({ env: at.env }, ...args);
  const data = (...args: string[]) => heard(() => botllm(...args, '--json'));

  async function fill(count: number): Promise<void> {
    for (let i = 0; i < count; i += 500) {
      const some = Array.from({ length: Math.min(500, count - i) }, (_, j) => i + j);
      const put = (n: number) =>
        at.store.cachePut(key('intent', PHI, `${n}`), `${aged(0)}${'x'.repeat(600)}`, LIFE);
      await Promise.all(some.map(put));
    }
  }

  /** Somewhere in the middle of a clear: as soon as one of some keys has gone. */
  async function someHaveGone(clearing: Promise<unknown>): Promise<void> {
    let ended = false;
    void clearing.then(() => {
      ended = true;
    });
    const some = Array.from({ length: 50 }, (_, i) => key('intent', PHI, `${1_000 * i}`));
    // With a rest in between: the slow road runs through this process.
    for (; !ended; await sleep(5))
      if ((await Promise.all(some.map((one) => at.store.cacheGet(one)))).includes(null)) return;
  }

  async function clearsTheRest(): Promise<void> {
    await eventually(
      async () => (await botllm('cache', 'clear', '--timeout', '60s')).exitCode === 0 || undefined,
    );
    expect((await at.store.cacheStats({})).entries).toBe(0);
  }

  test('say of an empty store that it is empty, and which one it is', async () => {
    const { kind: named, location } = at.store;
    for (const [words, schema, empty] of [
      ['cache', 'botllm.cache/1', 'No answer is cached.'],
      ['limits', 'botllm.limits/1', 'No user has made a call'],
    ] as const) {
      const run = await botllm(words);
      expect([run.exitCode, run.stderr]).toEqual([0, '']);
      expect(run.stdout).toContain(empty);
      expect(run.stdout).toContain(`${named} (${location})`);
      const json = await botllm(words, '--json');
      expect(json.json().schema).toBe(schema);
      expect(json.json().data.store).toEqual({ kind: named, location });
    }
    expect(await data('cache', 'clear')).toMatchObject({ removed: 0, complete: true });
  });

  test('`cache` counts by task, model and scope, and shows no control character of a name', async () => {
    await at.store.cachePut(key('intent', PHI, '1'), aged(0), LIFE);
    await at.store.cachePut(key('menu', 'a\u001b[2J\nb', '1', 'бот'), aged(0), LIFE);
    await at.store.cachePut(key('menu', 'a\u001b[2J\nb', '2', 'бот'), aged(0), LIFE);
    await at.store.cachePut(key('chat', 'x'.repeat(300), '2'), aged(0), LIFE);
    await at.store.cachePut('llm:cache:v0:old', 'x', LIFE);
    const run = await botllm('cache');
    expect(run.stdout).toMatch(/^entries +5$/m);
    expect(run.stdout).toMatch(/^menu +a b +бот +2$/m);
    expect(run.stdout).toMatch(new RegExp(`^intent +${PHI} +- +1$`, 'm'));
    expect(run.stdout).toContain('1 that another version of botllm keeps');
    expect(run.stdout).not.toMatch(/\u001b|x{70}/);
  });

  test('`cache clear` removes what its options name, and nothing else', async () => {
    const kept = ['llm:cached:1', 'other:llm:cache:v1:1', 'llm:cache'];
    for (const one of kept) await at.store.cachePut(one, 'x', LIFE);
    await at.store.take(limitKey('-', '42'), 5, 60_000);
    await at.store.cachePut(key('intent', PHI, '1'), aged(0), LIFE);
    await at.store.cachePut(key('intent', 'phi3-mini', '2'), aged(700_000), LIFE);
    await at.store.cachePut(key('mood', 'own-model', '3', 'bot'), aged(0), LIFE);
    await at.store.cachePut('llm:cache:v0:old', 'x', LIFE);
    const clear = (...options: string[]) => data('cache', 'clear', ...options);
    expect(await clear('--dry-run')).toMatchObject({ dryRun: true, removed: 0, matched: 4 });
    expect(await clear('--task', 'unknown')).toMatchObject({ removed: 0, complete: true });
    const slip = await botllm('cache', 'clear', '--task', 'foo');
    expect([slip.exitCode, slip.stderr]).toEqual([
      0,
      expect.stringMatching(/ foo is cached; .*: .*\bintent\b/),
    ]);
    expect((await botllm('cache', 'clear', '--task', 'intent', '--scope', 'x')).stderr).not.toContain(
      'is cached',
    );
    expect(await clear('--scope', 'bot', '--task', 'intent')).toMatchObject({ removed: 0 });
    // An alias means the id under which a bot with the guide's settings keeps its answers, and the other way round.
    expect(await clear('--model', 'phi3-mini', '--older-than', '10m')).toMatchObject({ removed: 1 });
    expect(await clear('--model', 'PHI3-mini', '--dry-run')).toMatchObject({ matched: 1 });
    expect(await clear('--task', 'mood', '--scope', 'bot')).toMatchObject({ removed: 1 });
    const rest = await botllm('cache', 'clear');
    expect([rest.exitCode, rest.stdout]).toEqual([
      0,
      `removed 2 cached answers from the ${at.store.kind} store (${at.store.location})`,
    ]);
    for (const one of kept) expect(await at.store.cacheGet(one), one).toBe('x');
    expect((await at.store.peek(limitKey('-', '42'), 5, 60_000)).remaining).toBe(4);
    for (const one of kept) await at.store.cachePut(one, 'x', 0);
  });

  test('`limits reset` of one user leaves the others; of all asks, and where nobody can be asked wants --yes', async () => {
    for (const user of ['42', '7', '42']) await at.store.take(limitKey('-', user), 5, 60_000);
    await at.store.take(limitKey('bot', '42'), 5, 60_000);
    expect(await data('limits', 'reset', '42')).toMatchObject({ user: '42', scope: '-', removed: 1 });
    expect(await data('limits', 'reset', '42')).toMatchObject({ removed: 0 });
    expect(await data('limits', 'show', '42', '--scope', 'bot')).toMatchObject({ used: 1 });
    const refused = await botllm('limits', 'reset', '--all');
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      expect.stringContaining('Try: botllm limits reset --all --yes'),
    ]);
    for (const words of [
      ['reset'],
      ['reset', ''],
      ['reset', '42', '--all'],
      ['reset', '--all', '--scope', 'x'],
      ['show'],
    ])
      expect((await botllm('limits', ...words)).exitCode, words.join(' ')).toBe(2);
    expect((await at.store.users(60_000, 9)).users).toBe(2);
    expect(await data('limits', 'reset', '--all', '--yes')).toMatchObject({ user: null, removed: 2 });
    expect((await at.store.users(60_000, 9)).users).toBe(0);
  });

  test('`limits show` of a limit that is switched off says so', async () => {
    const run = await operator.runWith({ env: { ...at.env, LLM_RATE_LIMIT: '0' } }, 'limits', 'show', '42');
    expect([run.exitCode, run.stdout]).toEqual([0, expect.stringContaining('not limited')]);
  });

  test('50,000 answers are cleared with progress on the way', async () => {
    await fill(50_000);
    const run = await botllm('cache', 'clear', '--json');
    expect(run.json()).toMatchObject({
      schema: 'botllm.cache.clear/1',
      data: { removed: 50_000, complete: true },
    });
    const events = run.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(events.length).toBeGreaterThan(0);
    expect(events.length).toBeLessThan(20);
    for (const [i, event] of events.entries()) {
      expect(event).toMatchObject({ type: 'progress' });
      expect(event.matched).toBeGreaterThan(events[i - 1]?.matched ?? 0);
    }
    expect((await at.store.cacheStats({})).entries).toBe(0);
  });

  test.each([[[]], [['--json']]])(
    'Ctrl-C in the middle of a clear %j says how many went, and that is true',
    async (options) => {
      await fill(50_000);
      await using line = await at.slowly();
      const child = operator.start(['cache', 'clear', '--verbose', ...options], { env: line.env });
      await someHaveGone(child);
      child.kill('SIGINT');
      const run = toRun(await child);
      expect(run.exitCode).toBe(130);
      const left = (await at.store.cacheStats({})).entries;
      const removed =
        options.length > 0 ? run.json().data.removed : Number(/removed (\d+) /.exec(run.stdout)?.[1]);
      expect(removed).toBe(50_000 - left);
      expect(left).toBeGreaterThan(0);
      if (options.length > 0) expect(run.json().data.complete).toBe(false);
      else expect(run.stdout).toMatch(/^interrupted: removed/);
      await clearsTheRest();
    },
  );

  test('--timeout ends a clear, which says what went and exits with 4; what is left stays usable', async () => {
    await fill(5_000);
    const run = await botllm('cache', 'clear', '--timeout', '1ms', '--json');
    const { entries } = await at.store.cacheStats({});
    expect([run.exitCode, run.json().data]).toMatchObject([4, { removed: 5_000 - entries, complete: false }]);
    expect(entries).toBeGreaterThan(0);
    await clearsTheRest();
  });

  if (kind === 'redis') {
    test('a Redis that freezes in the middle of a clear: exit 3, with what had gone before', async () => {
      await fill(50_000);
      await using line = await at.slowly();
      const child = operator.start(['cache', 'clear'], { env: line.env });
      await someHaveGone(child);
      at.server?.freeze();
      const run = toRun(await child);
      at.server?.thaw();
      expect([run.exitCode, run.stdout]).toEqual([3, '']);
      const told = Number(
        /(\d+) cached answers had been removed before this:\nError: /.exec(run.stderr)?.[1],
      );
      expect(told).toBeGreaterThan(0);
      // The last step may have been done without its answer coming back.
      const gone = 50_000 - (await at.store.cacheStats({})).entries;
      expect(gone).toBeGreaterThanOrEqual(told);
      expect(gone).toBeLessThan(50_000);
    });
  }

  test('a terminal of 60 columns gets a table that fits, and is asked before all limits go', async () => {
    await at.store.cachePut(key('intent', PHI, '1'), aged(0), LIFE);
    await at.store.take(limitKey('-', '42'), 5, 60_000);
    const env = { ...operator.env, ...at.env };
    const counted = await screen(commandLine('cache'), 60, env);
    expect(counted.plain).toMatch(new RegExp(`^intent +${PHI} +- +1$`, 'm'));
    const cleared = await screen(commandLine('cache', 'clear'), 60, env);
    expect(cleared.plain.replaceAll('\n', '')).toContain('removed 1 cached answer from');
    expect((await screen(commandLine('limits', 'reset', '--all'), 60, env, 'n')).plain).toContain(
      'nothing was changed',
    );
    expect((await at.store.users(60_000, 9)).users).toBe(1);
    expect((await screen(commandLine('limits', 'reset', '--all'), 60, env, 'C-c')).plain).toContain(
      'exit=130',
    );
    expect((await at.store.users(60_000, 9)).users).toBe(1);
    expect((await screen(commandLine('limits', 'reset', '--all'), 60, env, 'y')).plain).toContain('exit=0');
    expect((await at.store.users(60_000, 9)).users).toBe(0);
  });
});

describe.skipIf(redisIsMissing)('the commands over a cluster of three', () => {
  test('count, clear and reset on every node, and touch nothing else', async () => {
    await using cluster = await RedisCluster.start();
    await using operator = await Operator.create({ REDIS_URL: cluster.url });
    const store = await openStore({ kind: 'redis', url: cluster.url, patient: true });
    onTestFinished(() => store.close());
    const numbers = Array.from({ length: 300 }, (_, i) => i);
    await Promise.all(numbers.map((n) => store.cachePut(key('intent', PHI, `${n}`), aged(0), LIFE)));
    await Promise.all(numbers.map((n) => store.cachePut(`other:${n}`, 'x', LIFE)));
    for (const user of ['42', '42', '7', 'вася']) await store.take(limitKey('-', user), 5, 60_000);
    const data = (...words: string[]) => heard(() => operator.run(...words, '--json'));
    expect(await data('cache')).toMatchObject({ store: { kind: 'redis' }, entries: 300, complete: true });
    expect(await data('limits', 'show', '42')).toMatchObject({ used: 2 });
    expect(await data('limits')).toMatchObject({ users: 3 });
    expect(await data('cache', 'clear')).toMatchObject({ removed: 300, complete: true });
    expect(await cluster.sum('DBSIZE')).toBe(300 + 3);
    expect(await data('limits', 'reset', '--all', '--yes')).toMatchObject({ removed: 3 });
    expect(await cluster.sum('DBSIZE')).toBe(300);
  });
});

describe('a Redis that cannot be reached', () => {
  const COMMANDS = [
    ['cache'],
    ['cache', 'clear'],
    ['limits'],
    ['limits', 'show', '42'],
    ['limits', 'reset', '42'],
    ['limits', 'reset', '--all', '--yes'],
  ];
  let operator: Operator;
  let port: number;
  const silent = createServer(() => {});
  beforeAll(async () => {
    operator = await Operator.create();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    port = (silent.address() as { port: number }).port;
  });
  afterAll(async () => {
    silent.close();
    await operator?.[Symbol.asyncDispose]();
  });

  test.each(
    COMMANDS.flatMap((words) => [[words, 'nobody listens'] as const, [words, 'nobody answers'] as const]),
  )('%j, where %s: exit 3 with the address and what to try, without hanging', async (words, how) => {
    const url =
      how === 'nobody listens' ? 'redis://:secret@127.0.0.1:9/2' : `redis://:secret@127.0.0.1:${port}/2`;
    const run = await operator.runWith({ env: { REDIS_URL: url } }, ...words, '--json');
    expect([run.exitCode, run.json().error?.code]).toEqual([3, 'STORE_UNAVAILABLE']);
    expect(run.json().error?.message).toContain('127.0.0.1');
    expect(run.json().error?.hint).toBeTruthy();
    expect(run.stdout + run.stderr).not.toContain('secret');
  });

  test('is not asked with --redis none, and is with --redis and its address', async () => {
    const env = { REDIS_URL: 'redis://127.0.0.1:9' };
    for (const words of [['cache'], ['limits']]) {
      const run = await operator.runWith({ env }, ...words, '--redis', 'none', '--json');
      expect([run.exitCode, run.json().data.store]).toMatchObject([0, { kind: 'embedded' }]);
    }
    expect((await operator.run('cache', '--redis', 'redis://127.0.0.1:9')).exitCode).toBe(3);
    expect((await operator.run('cache', '--redis', 'nonsense')).exitCode).toBe(2);
  });

  test('a mistyped address is refused without its password', async () => {
    const run = await operator.run('cache', '--redis', 'redis://me:sec ret@127.0.0.1:x', '--json');
    expect(run.exitCode).toBe(2);
    expect(run.stdout + run.stderr).toContain('--redis');
    expect(run.stdout + run.stderr).not.toMatch(/sec|ret@/);
  });
});
