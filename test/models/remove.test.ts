import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lock } from 'proper-lockfile';
import { expect, onTestFinished, test } from 'vitest';
import { obtainModel } from '../../src/models/ensure.js';
import { type RemovalContext, removeModel } from '../../src/models/remove.js';
import { HUB_ENTRY, REAL_BYTES, TEST_CATALOGUE, testFolder } from './fixtures.js';
import { contextOf, hubWith } from './hub-fixture.js';

const context = (modelsDir: string, more: Partial<RemovalContext> = {}): RemovalContext => ({
  modelsDir,
  catalogue: TEST_CATALOGUE,
  servedBy: async () => undefined,
  ...more,
});

async function folderWith(...endings: string[]): Promise<string> {
  const dir = await testFolder();
  for (const ending of endings) await writeFile(path.join(dir, `${HUB_ENTRY.file}${ending}`), '12345');
  await writeFile(path.join(dir, 'mine.gguf'), 'mine');
  return dir;
}

test('removing a model takes its receipt, its unfinished download and what was kept aside, and counts bytes', async () => {
  const dir = await folderWith('', '.json', '.part', '.part.json', '.broken');
  const { name, bytes, files } = await removeModel(HUB_ENTRY.alias, context(dir));
  expect([name, bytes, files.length]).toEqual([HUB_ENTRY.alias, 25, 5]);
  expect(await readdir(dir)).toEqual(['mine.gguf']);
});

test('a dry run says the same and removes nothing', async () => {
  const dir = await folderWith('', '.json');
  expect(await removeModel(HUB_ENTRY.alias, context(dir, { dryRun: true }))).toMatchObject({ bytes: 10 });
  expect((await readdir(dir)).length).toBe(3);
});

test('the model that is being served stays', async () => {
  const dir = await folderWith('');
  const servedBy = async (file: string) => (file === path.join(dir, HUB_ENTRY.file) ? 4711 : undefined);
  const error = removeModel(HUB_ENTRY.alias, context(dir, { servedBy }));
  await expect(error).rejects.toMatchObject({
    code: 'MISSING_PREREQUISITE',
    hint: expect.stringMatching(/botllm down/),
  });
  expect((await readdir(dir)).length).toBe(2);
});

test('a model that another process fetches stays', async () => {
  const dir = await folderWith('.part');
  const release = await lock(path.join(dir, HUB_ENTRY.file), { realpath: false });
  onTestFinished(() => release());
  const error = removeModel(HUB_ENTRY.alias, context(dir));
  await expect(error).rejects.toMatchObject({
    code: 'MISSING_PREREQUISITE',
    message: expect.stringMatching(/being fetched/),
  });
  expect(await readdir(dir)).toContain(`${HUB_ENTRY.file}.part`);
});

test('where nothing lies, nothing is removed and nothing is wrong', async () => {
  const missing = path.join(await testFolder(), 'not', 'yet');
  expect(await removeModel(HUB_ENTRY.alias, context(missing))).toMatchObject({ bytes: 0, files: [] });
});

test('a file that the user put into the folder goes by its listed name', async () => {
  const dir = await folderWith();
  expect(await removeModel('MINE', context(dir))).toMatchObject({ name: 'mine', bytes: 4 });
  expect(await readdir(dir)).toEqual([]);
});

test('a file elsewhere is the user’s own', async () => {
  const dir = await folderWith();
  await mkdir(path.join(dir, 'sub'));
  for (const file of [path.join(dir, 'sub', 'x.gguf'), path.join(dir, '..', 'x.gguf')]) {
    await writeFile(path.join(dir, 'sub', 'x.gguf'), 'x');
    await expect(removeModel(file, context(dir))).rejects.toMatchObject({ code: 'USAGE' });
  }
});

test('what was pulled from a repository goes by its reference', async () => {
  const hub = await hubWith('org/x-GGUF', 'x-Q4_K_M.gguf', REAL_BYTES);
  const ctx = await contextOf(hub);
  await obtainModel('org/x-GGUF', ctx);
  const { bytes } = await removeModel('org/x-GGUF', context(ctx.modelsDir));
  expect(bytes).toBeGreaterThan(REAL_BYTES.length);
  expect(await readdir(ctx.modelsDir)).toEqual([]);
});
