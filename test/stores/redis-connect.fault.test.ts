import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/stores/contract.js';
import { cacheKey, leaseKey, limitKey } from '../../src/stores/keys.js';
import { openNamedStore, openStore } from '../../src/stores/open.js';
import { createRedisStore } from '../../src/stores/redis/store.js';
import { freePort, ROOT } from '../support/cli.js';
import { RedisCluster } from '../support/redis-cluster.js';
import { canRun, RedisServer, type RedisWish, redisIsMissing } from '../support/redis-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { undoing } from '../support/undo.js';
import { until } from './processes.js';

const W = 60_000;
const PATIENT = { timeoutMs: 5_000, readyTimeoutMs: 10_000, stepTimeoutMs: 5_000 };
const user = limitKey('-', '42');
const answer = cacheKey({ scope: '-', task: 'intent', model: 'm', hash: 'a' });

/** What a program, and an operator, do with a store. */
async function everything(store: Store): Promise<void> {
  await store.cachePut(answer, '1700000000000 x', 600_000);
  expect(await store.cacheGet(answer)).toBe('1700000000000 x');
  const { stamp } = await store.take(user, 2, W);
  expect((await store.take(user, 2, W)).allowed).toBe(true);
  expect((await store.take(user, 2, W)).allowed).toBe(false);
  await store.refund(user, stamp ?? 0);
  expect((await store.peek(user, 2, W)).remaining).toBe(1);
  expect(await store.lease(leaseKey('a'), 't', 5_000)).toBe(true);
  await store.release(leaseKey('a'), 't');
  expect(await store.users(W, 5)).toMatchObject({ users: 1, top: [{ user: '42', calls: 1 }] });
  expect(await store.cacheStats({})).toMatchObject({ entries: 1 });
  expect(await store.clearCache({ olderThanMs: 1 })).toEqual({ removed: 1, complete: true });
  expect(await store.reset(user)).toBe(true);
  expect(await store.resetAll()).toEqual({ removed: 0, complete: true });
}

describe.skipIf(redisIsMissing)('the Redis of an address', () => {
  const undo = undoing();
  const started = async (wish?: RedisWish) => {
    const server = await RedisServer.start(wish);
    undo.push(() => server.stop());
    return server;
  };
  const opened = (url: string): Store => {
    const store = createRedisStore({ url, ...PATIENT });
    undo.push(() => store.close());
    return store;
  };
  const clustered = async () => {
    const cluster = await RedisCluster.start();
    undo.push(() => cluster[Symbol.asyncDispose]());
    return cluster;
  };

  test('is opened by the name of its setting, and nothing is connected before the first call', async () => {
    const proxy = await TcpProxy.start((await started()).port);
    undo.push(() => proxy[Symbol.asyncDispose]());
    const store = await openNamedStore({ redisUrl: proxy.url, folder: '/nowhere' });
    undo.push(() => store.close());
    expect([store.kind, store.location]).toEqual(['redis', `127.0.0.1:${proxy.port}/0`]);
    expect(proxy.connections).toBe(0);
    await store.cacheGet(answer);
    expect(proxy.connections).toBe(1);
    for (const redisUrl of [undefined, 'none']) {
      const other = await openNamedStore({ redisUrl, folder: '/nowhere' });
      expect(other.kind).toBe('embedded');
      await other.close();
    }
    for (const url of [undefined, 'redis://', 'http://x'])
      await expect(openStore({ kind: 'redis', ...(url && { url }) })).rejects.toMatchObject({
        code: 'BAD_CONFIG',
      });
  });

  test('keeps to its database', async () => {
    const server = await started();
    await everything(opened(`${server.url}/3`));
    await opened(`${server.url}/3`).cachePut(answer, 'x', 600_000);
    expect(await opened(server.url).cacheGet(answer)).toBeNull();
    expect(await server.cli('-n', '3', 'DBSIZE')).toBe('1');
    expect(await server.cli('DBSIZE')).toBe('0');
    const none = opened(`${server.url}/99`);
    for (let i = 0; i < 3; i++) {
      await expect(none.cachePut(answer, 'x', 600_000)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        detail: expect.stringContaining('DB index'),
      });
      // Until the connection stands, for which it must not be taken.
      await sleep(200);
    }
    expect(await server.cli('DBSIZE')).toBe('0');
  });

  test('asks for its password, and is told when that is wrong or missing', async () => {
    const server = await started();
    await server.cli('CONFIG', 'SET', 'requirepass', 'p@ss/w:#');
    const at = (login: string) => server.url.replace('//', `//${login}`);
    await everything(opened(at(`:${encodeURIComponent('p@ss/w:#')}@`)));
    for (const [login, said] of [
      ['', 'NOAUTH'],
      [':wrong@', 'WRONGPASS'],
      ['nobody:wrong@', 'WRONGPASS'],
    ] as const)
      await expect(opened(at(login)).cacheGet(answer)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        detail: expect.stringContaining(said),
      });
  });

  test('gives a user all that is needed who may only touch botllm’s keys', async () => {
    const server = await started();
    const commands =
      'get set unlink evalsha eval time lindex llen lpop rpush lrange lrem pexpire del getrange';
    const allowed = `${commands} scan dbsize ping hello auth client|setname`
      .split(' ')
      .map((name) => `+${name}`);
    await server.cli('ACL', 'SETUSER', 'bot', 'on', '>secret', 'resetkeys', '~llm:*', '-@all', ...allowed);
    const store = opened(server.url.replace('//', '//bot:secret@'));
    await everything(store);
    expect(await store.cacheStats({})).toMatchObject({ usedBytes: null, maxBytes: null });
  });

  test('is used as soon as it may be, where its user was not let in at first', async () => {
    const server = await started();
    await server.cli('ACL', 'SETUSER', 'bot', 'on', '>secret', '~llm:*', '+@all', '-select');
    const store = opened(`${server.url.replace('//', '//bot:secret@')}/1`);
    await expect(store.cacheGet(answer)).rejects.toMatchObject({ detail: expect.stringContaining('NOPERM') });
    await server.cli('ACL', 'SETUSER', 'bot', '+select');
    await until(() =>
      store.cachePut(answer, 'x', 600_000).then(
        () => true,
        () => false,
      ),
    );
    expect(await server.cli('-n', '1', 'DBSIZE')).toBe('1');
  });

  test('is a cluster when one of its nodes says so, and when several are named', async () => {
    const cluster = await clustered();
    for (const url of [cluster.nodes[0]?.url ?? '', cluster.url]) {
      const store = opened(url);
      await everything(store);
      const users = Array.from({ length: 60 }, (_, i) => limitKey('-', `u${i}`));
      const taken = await Promise.all(users.map((one) => store.take(one, 1, W)));
      expect(taken.every(({ allowed }) => allowed)).toBe(true);
      for (const node of cluster.nodes) expect(Number(await node.cli('DBSIZE'))).toBeGreaterThan(5);
      expect((await store.users(W, 100)).users).toBe(60);
      expect(await store.resetAll()).toEqual({ removed: 60, complete: true });
    }
    await expect(opened(`${cluster.nodes[1]?.url}/2`).cacheGet(answer)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      detail: expect.stringMatching(/cluster/),
    });
  });

  test('when one node of a cluster is away, the others’ users go on, and its own when it is back', async () => {
    const cluster = await clustered();
    const [, , third] = cluster.nodes;
    if (!third) throw new Error('three nodes');
    await Promise.all(
      cluster.nodes.map((node) => node.cli('CONFIG', 'SET', 'cluster-require-full-coverage', 'no')),
    );
    const store = createRedisStore({ url: cluster.url, readyTimeoutMs: 5_000 });
    undo.push(() => store.close());
    const users = Array.from({ length: 30 }, (_, i) => limitKey('-', `u${i}`));
    const accepted = async () => {
      const taken = await Promise.allSettled(users.map((one) => store.take(one, 1_000, W)));
      return taken.filter(({ status }) => status === 'fulfilled').length;
    };
    await until(async () => (await accepted()) === 30);
    for (const [breaks, mends] of [
      [() => third.freeze(), () => third.thaw()],
      [() => third.kill(), () => third.restart()],
    ] as const) {
      await breaks();
      await until(async () => {
        const some = await accepted();
        return some > 10 && some < 30;
      });
      await mends();
      await until(async () => (await accepted()) === 30);
    }
  });

  test('may be too old to know flags of scripts', async () => {
    const server = await started();
    const proxy = await TcpProxy.start(server.port);
    undo.push(() => proxy[Symbol.asyncDispose]());
    // To such a server the first line is no Lua; neither is this one.
    proxy.alter = (data) => Buffer.from(data.toString('latin1').replaceAll('#!lua', '#?lua'), 'latin1');
    await everything(opened(proxy.url));
    await server.cli('SCRIPT', 'FLUSH');
    await everything(opened(server.url));
  });

  test('may forget its scripts', async () => {
    const server = await started();
    const store = opened(server.url);
    for (let i = 0; i < 3; i++) {
      await everything(store);
      await server.cli('SCRIPT', 'FLUSH');
    }
  });

  test.skipIf(!canRun('openssl', 'version') && process.env.CI !== 'true')(
    'speaks TLS, and is not taken for another',
    async () => {
      const port = await freePort();
      const server = await started();
      const file = (name: string) => path.join(server.folder, name);
      await execa('openssl', [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', file('key'), '-out', file('cert')],
      ]);
      expect(readFileSync(file('cert'), 'utf8')).toContain('CERTIFICATE');
      for (const [name, value] of [
        ['tls-cert-file', file('cert')],
        ['tls-key-file', file('key')],
        ['tls-ca-cert-file', file('cert')],
        ['tls-auth-clients', 'no'],
        ['tls-port', `${port}`],
      ] as const)
        await server.cli('CONFIG', 'SET', name, value);
      await expect(opened(`rediss://localhost:${port}`).cacheGet(answer)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        detail: expect.stringMatching(/self.signed/i),
      });
      const program = `
      const { createRedisStore } = await import(${JSON.stringify(path.join(ROOT, 'dist/stores/redis/store.js'))});
      const store = createRedisStore({ url: 'rediss://localhost:${port}', timeoutMs: 5000, readyTimeoutMs: 5000 });
      await store.cachePut('k', 'secret', 60000);
      process.stdout.write(await store.cacheGet('k'));
      await store.close();`;
      const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', program], {
        env: { NODE_EXTRA_CA_CERTS: file('cert') },
      });
      expect(stdout).toBe('secret');
      expect(await server.cli('GET', 'k')).toBe('secret');
    },
  );
});
