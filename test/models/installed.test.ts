import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findInstalled, listModels } from '../../src/models/installed.js';
import {
  HUB_ENTRY,
  PYPI_ENTRY,
  REAL_BYTES,
  STAND_IN_BYTES,
  sha256,
  TEST_CATALOGUE,
  testFolder,
} from './fixtures.js';

describe('an entry', () => {
  test('counts as installed with its exact size only', async () => {
    const dir = await testFolder();
    const file = path.join(dir, HUB_ENTRY.file);
    expect(await findInstalled(HUB_ENTRY, dir)).toBeNull();
    await writeFile(file, REAL_BYTES.subarray(1));
    expect(await findInstalled(HUB_ENTRY, dir)).toBeNull();
    await writeFile(file, REAL_BYTES);
    expect(await findInstalled(HUB_ENTRY, dir)).toEqual({ path: file, bytes: REAL_BYTES.length });
  });

  test.each([
    ['half a receipt', '{"bytes":'],
    ['a receipt of another file', JSON.stringify({ bytes: 5, sha256: sha256(REAL_BYTES) })],
  ])('with %s is installed, without a known sha256', async (_, receipt) => {
    const dir = await testFolder();
    await writeFile(path.join(dir, HUB_ENTRY.file), REAL_BYTES);
    await writeFile(path.join(dir, `${HUB_ENTRY.file}.json`), receipt);
    expect(await findInstalled(HUB_ENTRY, dir)).not.toHaveProperty('sha256');
  });
});

describe('the list', () => {
  test('shows the catalogue even where there is no folder yet', async () => {
    const missing = path.join(await testFolder(), 'not', 'yet');
    const listed = await listModels(missing, TEST_CATALOGUE);
    expect(listed.map(({ name, installed }) => [name, installed])).toEqual([
      [HUB_ENTRY.alias, false],
      [PYPI_ENTRY.alias, false],
    ]);
    expect(listed.find(({ isDefault }) => isDefault)?.name).toBe(HUB_ENTRY.alias);
    expect(listed.find(({ isStandIn }) => isStandIn)?.name).toBe(PYPI_ENTRY.alias);
  });

  test('tells what is installed, what is half there, and what the user put there', async () => {
    const dir = await testFolder();
    await writeFile(path.join(dir, PYPI_ENTRY.file), STAND_IN_BYTES);
    await writeFile(path.join(dir, `${HUB_ENTRY.file}.part`), 'half');
    await writeFile(path.join(dir, 'mine.gguf'), 'mine');
    await writeFile(path.join(dir, `${HUB_ENTRY.file}.broken`), 'kept aside');
    const own = path.join(dir, 'mine.gguf');
    expect(await listModels(dir, TEST_CATALOGUE)).toMatchObject([
      { name: HUB_ENTRY.alias, installed: false, partBytes: 4 },
      { name: PYPI_ENTRY.alias, installed: true, path: path.join(dir, PYPI_ENTRY.file) },
      { name: 'mine', installed: true, path: own, bytes: 4 },
    ]);
    expect(await listModels(dir, TEST_CATALOGUE)).toHaveLength(3);
  });
});
