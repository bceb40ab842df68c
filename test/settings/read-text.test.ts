import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, truncate } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSmallText } from '../../src/settings/read-text.js';
import { TestFolders } from './folders.js';

const LIMIT = 1024;
const refusal = async (file: string) => {
  const read = await readSmallText(file, LIMIT);
  return 'refusal' in read ? read.refusal : 'read';
};

describe('a file that a person wrote', () => {
  test('is text without its byte order mark and with plain line ends', async () => {
    await using at = await TestFolders.create();
    const file = await at.write('x', '\uFEFFa\r\nб\rc\n');
    expect(await readSmallText(file, LIMIT)).toEqual({ text: 'a\nб\nc\n' });
  });

  test('may be as large as the limit and not one byte larger', async () => {
    await using at = await TestFolders.create();
    const file = await at.write('x', 'x'.repeat(LIMIT));
    expect(await readSmallText(file, LIMIT)).toEqual({ text: 'x'.repeat(LIMIT) });
    expect(await refusal(await at.write('x', 'x'.repeat(LIMIT + 1)))).toContain('larger than 1 KiB');
    // Reading it whole would take more memory than there is.
    await truncate(file, 2 ** 40);
    expect(await refusal(file)).toContain('larger');
  });

  test('may be a link; one that leads nowhere or round in a circle is refused', async () => {
    await using at = await TestFolders.create();
    await at.write('x', 'text');
    const link = (name: string) => path.join(at.home, name);
    await symlink('x', link('good'));
    await symlink('nothing', link('dangling'));
    await symlink('circle', link('circle'));
    expect(await readSmallText(link('good'), LIMIT)).toEqual({ text: 'text' });
    expect(await refusal(link('dangling'))).toContain('leads nowhere');
    expect(await refusal(link('circle'))).toContain('leads nowhere');
  });

  test('is no folder, no pipe, no device and no binary', async () => {
    await using at = await TestFolders.create();
    const folder = path.join(at.home, 'folder');
    await mkdir(folder);
    expect(await refusal(folder)).toContain('is a folder');
    const pipe = path.join(at.home, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
    expect(await refusal(pipe)).toContain('not a regular file');
    expect(await refusal('/dev/zero')).toContain('not a regular file');
    expect(await refusal(await at.write('utf16', Buffer.from('\uFEFFa: 1', 'utf16le')))).toContain('UTF-8');
    expect(await refusal(path.join(at.home, 'missing'))).toContain('no such file');
  });

  test('that may not be read is refused with that reason', async () => {
    await using at = await TestFolders.create();
    const file = await at.write('x', 'text');
    await chmod(file, 0);
    // Root may read everything, so it looks as somebody else.
    const NOBODY = 65_534;
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      expect(await refusal(file)).toContain('may not be read');
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});
