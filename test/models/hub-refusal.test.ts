import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { HUB_ENTRY, REAL_BYTES, sha256, TEST_CATALOGUE, testContext } from './fixtures.js';
import { contextOf, FILE, fetchIt, hubWith, REPO } from './hub-fixture.js';

describe('a hub that says no', () => {
  test.each([
    ['a busy one', { status: 429, headers: { 'retry-after': '0' } }],
    ['a broken one', { status: 503 }],
  ])('%s is asked again', async (_, mishap) => {
    const hub = await hubWith();
    hub.hubMishaps.push(mishap);
    await fetchIt(await contextOf(hub));
    expect(hub.requests.filter(({ at }) => at === 'hub').length).toBe(2);
  });

  test('for an hour is not waited for, and the error says how long', async () => {
    const hub = await hubWith();
    hub.hubMishaps.push({ status: 429, headers: { 'retry-after': '3600' } });
    const refusal = { code: 'MODEL_UNAVAILABLE', retryAfterMs: 3_600_000 };
    await expect(fetchIt(await contextOf(hub))).rejects.toMatchObject(refusal);
  });

  test('with an address that expired is asked for a new one', async () => {
    const hub = await hubWith();
    hub.storeMishaps.push({ cutAfter: 500 }, { status: 403 });
    const model = await fetchIt(await contextOf(hub));
    expect(sha256(await readFile(model.path))).toBe(sha256(REAL_BYTES));
  });

  test.each([
    ['401', undefined, 401, 'HF_TOKEN is not set'],
    ['403', 'hf_other', 403, 'has not accepted the terms'],
  ])('with %s names the gate and HF_TOKEN, and is not asked twice', async (_, hfToken, status, words) => {
    const hub = await hubWith(REPO, FILE, REAL_BYTES, { token: 'hf_secret' });
    const error = fetchIt(await contextOf(hub, { hfToken }));
    await expect(error).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE', status });
    await expect(error).rejects.toMatchObject({ detail: expect.stringContaining(words) });
    await expect(error).rejects.toMatchObject({ hint: expect.stringContaining('HF_TOKEN=') });
    expect(hub.requests.length).toBe(1);
  });

  test('with 404 names the file', async () => {
    const hub = await hubWith('org/other', FILE, REAL_BYTES);
    await expect(fetchIt(await contextOf(hub))).rejects.toThrow(`${REPO}/${FILE} (HTTP 404)`);
  });

  test('with another size than the catalogue’s is refused before a byte is kept', async () => {
    const hub = await hubWith(REPO, FILE, Buffer.concat([REAL_BYTES, Buffer.alloc(1)]));
    const ctx = await contextOf(hub);
    await expect(fetchIt(ctx)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect(await readdir(ctx.modelsDir)).toEqual([]);
  });

  test('by redirecting in a circle ends', async () => {
    const hub = await hubWith();
    const circle = { redirectTo: `${hub.endpoint}/${REPO}/resolve/main/${FILE}` };
    hub.hubMishaps.push(...Array.from({ length: 40 }, () => circle));
    await expect(fetchIt(await contextOf(hub))).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  test('by redirecting to a file of this machine is not followed', async () => {
    const hub = await hubWith();
    hub.hubMishaps.push(...Array.from({ length: 3 }, () => ({ redirectTo: 'file:///etc/hostname' })));
    await expect(fetchIt(await contextOf(hub))).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect(hub.fetches).toEqual([]);
  });

  test('by not being there ends with the ways to supply a file', async () => {
    const ctx = await testContext();
    const hint = expect.stringContaining('--model ./file.gguf');
    await expect(fetchIt(ctx)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE', hint });
  });
});

describe('a file that is not what was promised', () => {
  const WRONG = Buffer.from(REAL_BYTES).fill(1, REAL_BYTES.length - 8);

  test('by the hub’s own hash is kept aside and never used', async () => {
    const hub = await hubWith(REPO, FILE, WRONG, { linkedEtag: `"${sha256(REAL_BYTES)}"` });
    const ctx = await contextOf(hub);
    await expect(fetchIt(ctx)).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
    expect(await readdir(ctx.modelsDir)).toEqual([`${FILE}.broken`]);
  });

  test('by the catalogue’s hash is kept aside where the hub names none', async () => {
    const hub = await hubWith(REPO, FILE, WRONG, { linkedEtag: null });
    const entries = [{ ...HUB_ENTRY, sha256: sha256(REAL_BYTES) }];
    const ctx = await contextOf(hub, { catalogue: { ...TEST_CATALOGUE, entries } });
    await expect(fetchIt(ctx)).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
    expect(await readdir(ctx.modelsDir)).toEqual([`${FILE}.broken`]);
  });

  test('by the hub’s word against the catalogue’s is not even fetched', async () => {
    const hub = await hubWith(REPO, FILE, WRONG);
    const entries = [{ ...HUB_ENTRY, sha256: sha256(REAL_BYTES) }];
    const ctx = await contextOf(hub, { catalogue: { ...TEST_CATALOGUE, entries } });
    await expect(fetchIt(ctx)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect(await readdir(ctx.modelsDir)).toEqual([]);
  });

  test('cannot be told where nobody names a hash, and that is said', async () => {
    const hub = await hubWith(REPO, FILE, REAL_BYTES, { linkedEtag: null });
    const ctx = await contextOf(hub);
    await fetchIt(ctx);
    expect(ctx.told.notices).toContain('UNVERIFIED');
  });

  test('and is no model is kept aside, so that the next run does not stumble over it', async () => {
    const page = Buffer.alloc(REAL_BYTES.length, '<html>');
    const hub = await hubWith(REPO, FILE, page, { linkedEtag: null });
    const ctx = await contextOf(hub);
    await expect(fetchIt(ctx)).rejects.toMatchObject({ code: 'MODEL_BROKEN' });
    expect(await readdir(ctx.modelsDir)).toEqual([`${FILE}.broken`]);
  });

  test('is not resumed where there is nothing to compare it by', async () => {
    const hub = await hubWith(REPO, FILE, REAL_BYTES, { linkedEtag: null, etag: 'W/"weak"' });
    hub.storeMishaps.push({ cutAfter: 1000 });
    const model = await fetchIt(await contextOf(hub));
    expect(sha256(await readFile(model.path))).toBe(sha256(REAL_BYTES));
    expect(hub.fetches.map(({ headers }) => headers.range)).toEqual([undefined, undefined]);
  });
});

test('a disk that is too small is named with both numbers before anything is asked of the hub', async () => {
  const hub = await hubWith();
  const entries = [{ ...HUB_ENTRY, bytes: 2 ** 52 }];
  const ctx = await contextOf(hub, { catalogue: { ...TEST_CATALOGUE, entries } });
  const detail = expect.stringMatching(/^4\.5 PB are needed, .+ are free$/);
  await expect(fetchIt(ctx)).rejects.toMatchObject({ code: 'NOT_ENOUGH_DISK', detail });
  expect(hub.requests).toEqual([]);
});
