import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Announcement } from '../../src/models/context.js';
import { obtainModel } from '../../src/models/ensure.js';
import { findInstalled, listModels } from '../../src/models/installed.js';
import { HUB_ENTRY, REAL_BYTES, STAND_IN_BYTES, sha256, TEST_CATALOGUE, testContext } from './fixtures.js';
import { ggufBytes } from './gguf-bytes.js';
import { contextOf, FILE, hubWith, REPO } from './hub-fixture.js';

const Q8 = ggufBytes({ floats: 2_000 });
const OTHER = 'someone/other-GGUF';

async function repository() {
  const hub = await hubWith(OTHER, 'other-Q8_0.gguf', Q8);
  hub.put(OTHER, 'other-Q4_K_M.gguf', REAL_BYTES);
  hub.put(OTHER, 'README.md', Buffer.from('# Other'));
  hub.facts.set(OTHER, { license: 'apache-2.0' });
  return hub;
}

describe('a repository of the hub', () => {
  test.each([
    [OTHER, REAL_BYTES, 'other-Q4_K_M'],
    [`hf:${OTHER}:Q8_0`, Q8, 'other-Q8_0'],
    [`${OTHER}/other-Q8_0.gguf`, Q8, 'other-Q8_0'],
  ])('%s gives the file that is meant, under its own name', async (ref, bytes, name) => {
    const hub = await repository();
    const { model, fetched } = await obtainModel(ref, await contextOf(hub));
    expect(sha256(await readFile(model.path))).toBe(sha256(bytes));
    expect([model.name, model.sha256, fetched]).toEqual([name, sha256(bytes), true]);
  });

  test('announces exact size, free disk and licence before the first byte', async () => {
    const hub = await repository();
    const said: Announcement[] = [];
    let fetchesThen = -1;
    const ctx = await contextOf(hub, {
      onAnnounce: (announcement) => {
        said.push(announcement);
        fetchesThen = hub.fetches.length;
      },
    });
    await obtainModel(OTHER, ctx);
    expect(said).toMatchObject([{ bytes: REAL_BYTES.length, licence: 'Apache License 2.0' }]);
    expect(said[0]?.freeBytes).toBeGreaterThan(0);
    expect(fetchesThen).toBe(0);
  });

  test.each([
    ['cc-by-nc-4.0', false],
    ['some-new-licence', undefined],
  ])('under %s is passed on with the verdict %s', async (license, commercial) => {
    const hub = await repository();
    hub.facts.set(OTHER, { license, gated: 'manual' });
    const said: Announcement[] = [];
    await obtainModel(OTHER, await contextOf(hub, { onAnnounce: (it) => said.push(it) }));
    expect(said[0]?.entry.licence).toMatchObject({ id: license, gated: true });
    expect(said[0]?.entry.licence.commercial).toBe(commercial);
  });

  test('that lies here whole asks nobody the second time', async () => {
    const hub = await repository();
    const ctx = await contextOf(hub);
    await obtainModel(`${OTHER}:Q8_0`, ctx);
    const asked = hub.requests.length;
    const { fetched, model } = await obtainModel(`hf:${OTHER}/other-Q8_0.gguf`, ctx);
    expect([fetched, model.name, hub.requests.length]).toEqual([false, 'other-Q8_0', asked]);
  });

  test('named without a file is looked up once more, and kept where the hub is gone', async () => {
    const hub = await repository();
    const ctx = await contextOf(hub);
    await obtainModel(OTHER, ctx);
    const bytes = hub.fetches.length;
    expect(await obtainModel(OTHER, ctx)).toMatchObject({ fetched: false });
    expect(hub.fetches.length).toBe(bytes);
    await hub[Symbol.asyncDispose]();
    expect(await obtainModel(OTHER, ctx)).toMatchObject({ fetched: false, model: { name: 'other-Q4_K_M' } });
    expect(ctx.told.notices).toContain('HUB_UNREACHABLE');
  });

  test('that hands out files and describes nothing still gives the file that is named', async () => {
    const hub = await repository();
    hub.describes = false;
    const { model } = await obtainModel(`hf:${OTHER}/other-Q8_0.gguf`, await contextOf(hub));
    expect(model.sha256).toBe(sha256(Q8));
  });

  test('without the quantisation that is asked for names those that it has', async () => {
    const error = obtainModel(`${OTHER}:Q6_K`, await contextOf(await repository()));
    await expect(error).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    await expect(error).rejects.toMatchObject({ detail: expect.stringContaining('other-Q8_0.gguf') });
  });

  test('without any GGUF file says so', async () => {
    const hub = await hubWith('org/plain', 'model.safetensors', Buffer.from('weights'));
    const error = obtainModel('org/plain', await contextOf(hub));
    await expect(error).rejects.toThrow('no GGUF file');
  });

  test('that is not there suggests what may have been meant', async () => {
    const hint = expect.stringContaining(`--model ${HUB_ENTRY.alias}`);
    const error = obtainModel('org/reel-1b', await contextOf(await hubWith()));
    await expect(error).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE', status: 404, hint });
  });

  test('that answers with a web page is no hub', async () => {
    const hub = await repository();
    const page = async () => new Response('<html>') as never;
    const error = obtainModel(OTHER, await contextOf(hub, { fetch: page }));
    await expect(error).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  test('two of which call their files alike lie side by side', async () => {
    const hub = await repository();
    hub.put('org/twin-GGUF', 'other-Q8_0.gguf', STAND_IN_BYTES);
    const ctx = await contextOf(hub);
    const [a, b] = [await obtainModel(`${OTHER}:Q8_0`, ctx), await obtainModel('org/twin-GGUF', ctx)];
    expect(a.model.path).not.toBe(b.model.path);
    expect(sha256(await readFile(b.model.path))).toBe(sha256(STAND_IN_BYTES));
    expect(sha256(await readFile(a.model.path))).toBe(sha256(Q8));
  });
});

describe('an address', () => {
  test('gives its file, never sees the hub’s token, and is remembered', async () => {
    const hub = await repository();
    const ctx = await contextOf(hub, { hfToken: 'hf_secret' });
    const ref = `${hub.address(OTHER, 'other-Q8_0.gguf')}?signature=geheim`;
    const { model } = await obtainModel(ref, ctx);
    expect([model.name, model.sha256]).toEqual(['other-Q8_0', sha256(Q8)]);
    expect(hub.requests.map(({ headers }) => headers.authorization)).toEqual(
      hub.requests.map(() => undefined),
    );
    expect(ctx.told.notices).toContain('UNVERIFIED');
    expect(await obtainModel(ref, ctx)).toMatchObject({ fetched: false });
    expect(JSON.stringify(await listModels(ctx.modelsDir, TEST_CATALOGUE))).not.toContain('geheim');
  });

  test('that is cut goes on where it was', async () => {
    const hub = await repository();
    // The first request is the question for the size.
    hub.storeMishaps.push({ slowly: 1 }, { cutAfter: 4_000 });
    const { model } = await obtainModel(hub.address(OTHER, 'other-Q8_0.gguf'), await contextOf(hub));
    expect(model.sha256).toBe(sha256(Q8));
    expect(hub.fetches.at(-1)?.headers.range).toMatch(/^bytes=\d+-$/);
  });

  test('whose host allows no HEAD is fetched all the same', async () => {
    const hub = await repository();
    hub.storeMishaps.push({ status: 405 });
    const ctx = await contextOf(hub);
    await obtainModel(hub.address(OTHER, 'other-Q8_0.gguf'), ctx);
    expect(ctx.told.announced).toEqual(['other-Q8_0']);
  });

  test.each([404, 401])('that answers %i is named with it', async (status) => {
    const hub = await repository();
    hub.storeMishaps.push({ status }, { status });
    const error = obtainModel(hub.address(OTHER, 'other-Q8_0.gguf'), await contextOf(hub));
    await expect(error).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE', status });
  });

  test('of something else than a model is kept aside, and said before an engine starts', async () => {
    const hub = await repository();
    const ctx = await contextOf(hub);
    const error = obtainModel(hub.address(OTHER, 'README.md'), ctx);
    await expect(error).rejects.toMatchObject({ code: 'MODEL_BROKEN' });
    expect((await readdir(ctx.modelsDir)).every((name) => name.endsWith('.broken'))).toBe(true);
  });
});

describe('an entry of which only a rounded size was published', () => {
  const { bytes: _, ...rounded } = { ...HUB_ENTRY, approxBytes: 400_000 };
  const catalogue = { ...TEST_CATALOGUE, entries: [rounded] };

  test('learns the exact one from the hub, and its receipt makes it count as installed', async () => {
    const hub = await hubWith();
    const said: number[] = [];
    const ctx = await contextOf(hub, { catalogue, onAnnounce: ({ bytes }) => said.push(bytes) });
    expect(await obtainModel(HUB_ENTRY.alias, ctx)).toMatchObject({ fetched: true });
    expect(said).toEqual([REAL_BYTES.length]);
    const asked = hub.requests.length;
    expect(await obtainModel(HUB_ENTRY.alias, ctx)).toMatchObject({ fetched: false });
    expect(hub.requests.length).toBe(asked);
    expect((await listModels(ctx.modelsDir, catalogue))[0]).toMatchObject({
      installed: true,
      bytes: REAL_BYTES.length,
    });
  });

  test('does not count a file without a receipt, whatever its size', async () => {
    const ctx = await testContext({ catalogue });
    await writeFile(path.join(ctx.modelsDir, FILE), REAL_BYTES);
    expect(await findInstalled(rounded, ctx.modelsDir)).toBeNull();
    expect((await listModels(ctx.modelsDir, catalogue)).map(({ installed }) => installed)).toEqual([
      false,
      true,
    ]);
  });

  test('and no file name is found by its quantisation', async () => {
    const hub = await hubWith(REPO, 'real-1b-Q8_0.gguf', Q8);
    hub.put(REPO, 'real-1b-Q4_K_M.gguf', REAL_BYTES);
    const entry = { ...rounded, source: { kind: 'hub' as const, repo: REPO }, quantisation: 'Q8_0' };
    const ctx = await contextOf(hub, { catalogue: { ...TEST_CATALOGUE, entries: [entry] } });
    const { model } = await obtainModel(HUB_ENTRY.alias, ctx);
    expect([path.basename(model.path), model.sha256]).toEqual([FILE, sha256(Q8)]);
  });
});
