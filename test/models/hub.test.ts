import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { seeded } from '../../src/bench/statistics/random.js';
import { HUB_ENTRY, REAL_BYTES, sha256 } from './fixtures.js';
import { contextOf, FILE, fetchIt, hubWith, REPO } from './hub-fixture.js';

describe('a download from the hub', () => {
  test('gives the hub’s bytes under the catalogue’s name, and leaves nothing else behind', async () => {
    const hub = await hubWith();
    const ctx = await contextOf(hub);
    const model = await fetchIt(ctx);
    expect(sha256(await readFile(model.path))).toBe(sha256(REAL_BYTES));
    expect(model.sha256).toBe(sha256(REAL_BYTES));
    expect((await readdir(ctx.modelsDir)).sort()).toEqual([FILE, `${FILE}.json`]);
    const total = REAL_BYTES.length;
    expect(ctx.told.progress).toContainEqual({ phase: 'download', receivedBytes: total, totalBytes: total });
    expect(ctx.told.progress).toContainEqual({ phase: 'verify', receivedBytes: total, totalBytes: total });
  });

  test('happens once: the second time nobody is asked', async () => {
    const hub = await hubWith();
    const ctx = await contextOf(hub);
    await fetchIt(ctx);
    const asked = hub.requests.length;
    await fetchIt(ctx);
    expect(hub.requests.length).toBe(asked);
    expect(ctx.told.announced).toEqual([HUB_ENTRY.alias]);
  });

  test('shows the token to the hub and never to the host that it redirects to', async () => {
    const hub = await hubWith(REPO, FILE, REAL_BYTES, { token: 'hf_secret' });
    await fetchIt(await contextOf(hub, { hfToken: 'hf_secret' }));
    expect(hub.requests.map(({ at, headers }) => [at, headers.authorization])).toEqual([
      ['hub', 'Bearer hf_secret'],
      ['store', undefined],
    ]);
  });

  test('goes through the proxy that the environment names', async () => {
    const hub = await hubWith();
    const tunnels: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      const [host, port] = (request.url ?? '').split(':');
      const upstream = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [upstream, socket]) end.on('error', () => end.destroy());
    });
    await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready));
    onTestFinished(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    await fetchIt(await contextOf(hub, { env: { http_proxy: `http://127.0.0.1:${port}` } }));
    expect(tunnels).toContain(new URL(hub.endpoint).host);
  });
});

test('a proxy that is no address is a bad configuration, and its password is not repeated', async () => {
  const hub = await hubWith();
  const ctx = await contextOf(hub, { env: { http_proxy: 'http://user:secret@:bad' } });
  const error = await fetchIt(ctx).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'BAD_CONFIG' });
  expect(JSON.stringify(error)).not.toContain('secret');
});

describe('a download that is cut', () => {
  test('at twenty places still gives the hub’s bytes, asking each time for the rest alone', async () => {
    const hub = await hubWith();
    const step = Math.floor(REAL_BYTES.length / 21);
    for (let i = 0; i < 20; i += 1) hub.storeMishaps.push({ cutAfter: step });
    const model = await fetchIt(await contextOf(hub, { patience: { retries: 20, backoffMs: 1 } }));
    expect(sha256(await readFile(model.path))).toBe(sha256(REAL_BYTES));
    const starts = hub.fetches.map(({ headers }) => Number(/=(\d+)/.exec(headers.range ?? '=0')?.[1]));
    expect(starts.length).toBe(21);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(starts.at(-1)).toBeGreaterThan(10 * step);
    const resumed = hub.fetches.filter(({ headers }) => headers.range !== undefined);
    expect(resumed.every(({ headers }) => headers['if-range'] !== undefined)).toBe(true);
  });

  // Seeded, so that a failure can be run again; the seed stands in the name.
  const SEED = 20_261_123;
  test(`at a random byte, twenty times over, never gives other bytes (seed ${SEED})`, async () => {
    const random = seeded(SEED);
    for (let run = 0; run < 20; run += 1) {
      const hub = await hubWith();
      hub.storeMishaps.push({ cutAfter: Math.floor(random() * REAL_BYTES.length) });
      const ctx = await contextOf(hub);
      const model = await fetchIt(ctx);
      expect(sha256(await readFile(model.path))).toBe(sha256(REAL_BYTES));
      expect((await readdir(ctx.modelsDir)).sort()).toEqual([FILE, `${FILE}.json`]);
      expect(hub.fetches.length).toBe(2);
    }
  });

  test('again and again while its address expires each time asks the hub for a new one', async () => {
    const hub = await hubWith();
    for (let i = 0; i < 5; i += 1) hub.storeMishaps.push({ cutAfter: 60_000 }, { status: 403 });
    const model = await fetchIt(await contextOf(hub));
    expect(sha256(await readFile(model.path))).toBe(sha256(REAL_BYTES));
    expect(hub.requests.filter(({ at }) => at === 'hub').length).toBe(hub.fetches.length);
    expect(hub.fetches.filter(({ status }) => status === 403).length).toBe(5);
  });

  test('stays on disk when its tries are used up, and the next run goes on from there', async () => {
    const hub = await hubWith();
    hub.storeMishaps.push({ stallAfter: 1000 }, { status: 500 }, { status: 502 }, { status: 503 });
    const ctx = await contextOf(hub, { patience: { stallMs: 1_000, retries: 2, backoffMs: 1 } });
    await expect(fetchIt(ctx)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect((await readFile(path.join(ctx.modelsDir, `${FILE}.part`))).length).toBe(1000);
    await fetchIt(ctx);
    expect(hub.fetches.at(-1)).toMatchObject({ status: 206, headers: { range: 'bytes=1000-' } });
    expect(ctx.told.notices).toContain('RESUMED');
  });

  test('by silence is tried again', async () => {
    const hub = await hubWith();
    hub.storeMishaps.push({ stallAfter: 2000 });
    const model = await fetchIt(await contextOf(hub, { patience: { stallMs: 300, backoffMs: 1 } }));
    expect(sha256(await readFile(model.path))).toBe(sha256(REAL_BYTES));
    expect(hub.fetches.length).toBe(2);
  });

  test('by nobody, only slow, is left to go on: patience counts from the last byte', async () => {
    const hub = await hubWith();
    hub.storeMishaps.push({ slowly: 16 });
    await fetchIt(await contextOf(hub, { patience: { stallMs: 1_500, backoffMs: 1 } }));
    expect(hub.fetches.length).toBe(1);
  });

  test('by the caller ends as INTERRUPTED and keeps what came', async () => {
    const hub = await hubWith();
    hub.storeMishaps.push({ stallAfter: 3000 });
    const stop = new AbortController();
    const ctx = await contextOf(hub, {
      signal: stop.signal,
      onProgress: ({ receivedBytes }) => receivedBytes === 3000 && stop.abort(),
    });
    await expect(fetchIt(ctx)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect((await readFile(path.join(ctx.modelsDir, `${FILE}.part`))).length).toBe(3000);
    expect(await readdir(ctx.modelsDir)).not.toContain(`${FILE}.lock`);
  });

  test('and whose file changed meanwhile never mixes the two', async () => {
    const hub = await hubWith();
    const ctx = await contextOf(hub, { patience: { stallMs: 1_000, retries: 2, backoffMs: 1 } });
    hub.storeMishaps.push({ stallAfter: 1000 }, { status: 500 }, { status: 500 }, { status: 500 });
    await expect(fetchIt(ctx)).rejects.toThrow();
    expect((await readFile(path.join(ctx.modelsDir, `${FILE}.part`))).length).toBe(1000);
    const changed = Buffer.from(REAL_BYTES);
    changed.writeFloatLE(-1, changed.length - 4);
    hub.put(REPO, FILE, changed);
    const model = await fetchIt(ctx);
    expect(sha256(await readFile(model.path))).toBe(sha256(changed));
  });

  test('on a server that ignores ranges begins anew', async () => {
    const hub = await hubWith();
    hub.storeMishaps.push({ cutAfter: 1000 }, { ignoreRange: true });
    const model = await fetchIt(await contextOf(hub));
    expect(sha256(await readFile(model.path))).toBe(sha256(REAL_BYTES));
  });

  test('after its last byte needs no further byte', async () => {
    const hub = await hubWith();
    const ctx = await contextOf(hub);
    const note = {
      url: `${hub.endpoint}/${REPO}/resolve/main/${FILE}`,
      size: REAL_BYTES.length,
      etag: '"x"',
    };
    await writeFile(path.join(ctx.modelsDir, `${FILE}.part`), REAL_BYTES);
    const sidecar = JSON.stringify({ ...note, sha256: sha256(REAL_BYTES) });
    await writeFile(path.join(ctx.modelsDir, `${FILE}.part.json`), sidecar);
    await fetchIt(ctx);
    expect(hub.requests).toEqual([]);
  });

  test.each([
    ['no note', undefined],
    ['half a note', '{"url": "http'],
    [
      'a note of another address',
      JSON.stringify({ url: 'http://x/', size: 9999, etag: '"a"', sha256: null }),
    ],
  ])('and left %s is not gone on with', async (_, note) => {
    const hub = await hubWith();
    const ctx = await contextOf(hub);
    await writeFile(path.join(ctx.modelsDir, `${FILE}.part`), 'not the first bytes');
    if (note !== undefined) await writeFile(path.join(ctx.modelsDir, `${FILE}.part.json`), note);
    const model = await fetchIt(ctx);
    expect(sha256(await readFile(model.path))).toBe(sha256(REAL_BYTES));
    expect(hub.fetches[0]?.headers.range).toBeUndefined();
  });
});
