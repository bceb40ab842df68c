import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readGguf } from '../../src/models/gguf.js';
import { testFolder } from './fixtures.js';
import { ggufBytes, text, u32, u64, VALUES } from './gguf-bytes.js';

async function written(bytes: Buffer | string): Promise<string> {
  const file = path.join(await testFolder(), 'model.gguf');
  await writeFile(file, bytes);
  return file;
}

const read = async (bytes: Buffer | string) => readGguf(await written(bytes));
const BROKEN = { code: 'MODEL_BROKEN' };
const saying = (words: string) => ({ ...BROKEN, detail: expect.stringContaining(words) });

describe('a whole model file', () => {
  test('says its name, architecture, context, quantisation and how many weights it has', async () => {
    const said = { name: 'Tiny', architecture: 'llama', context: 512, quantisation: 'Q4_K_M' };
    const facts = { ...said, tensors: 1, parameters: 64 };
    expect(await read(ggufBytes())).toEqual(facts);
    expect(await read(ggufBytes({ version: 2 }))).toEqual(facts);
  });

  test('that says little leaves the rest absent', async () => {
    const values = { 'general.architecture': { text: 'llama' } };
    expect(await read(ggufBytes({ values }))).toEqual({ architecture: 'llama', tensors: 1, parameters: 64 });
  });

  test('with a vocabulary longer than one read is read to its end', async () => {
    const texts = Array.from({ length: 60_000 }, (_, i) => `token ${i}`);
    const values = { 'a.vocabulary': { texts }, ...VALUES, 'chat.template': { text: 'x'.repeat(600_000) } };
    expect(await read(ggufBytes({ values }))).toMatchObject({ name: 'Tiny', context: 512 });
  });

  test('of a tensor type that is newer than this code is not refused for it', async () => {
    const bytes = ggufBytes();
    const at = bytes.indexOf('weights') + 'weights'.length + 4 + 8;
    bytes.writeUInt32LE(999, at);
    expect(await read(bytes)).toMatchObject({ tensors: 1 });
  });
});

describe('a file that is cut', () => {
  test('at any byte is refused as broken', async () => {
    const whole = ggufBytes();
    const file = await written('');
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        await writeFile(file, whole.subarray(0, length));
        await expect(readGguf(file)).rejects.toMatchObject(BROKEN);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  test('by one byte of its weights says how many it has and how many it needs', async () => {
    const whole = ggufBytes();
    const words = `${whole.length - 1} bytes and its weights need ${whole.length}`;
    await expect(read(whole.subarray(0, -1))).rejects.toMatchObject(saying(words));
  });
});

describe('a file that is something else', () => {
  test.each([
    ['nothing', '', 'not a GGUF'],
    ['text', 'hello there', 'not a GGUF'],
    ['a wheel', 'PK\u0003\u0004rest', 'zip archive'],
    ['a page of a login portal', '<!doctype html>', 'web page'],
    ['what Git LFS left', 'version https://git-lfs.github.com/spec/v1', 'Git LFS'],
  ])('%s is named', async (_, content, words) => {
    await expect(read(content)).rejects.toMatchObject(saying(words));
  });

  test('a folder is refused', async () => {
    const folder = path.join(await testFolder(), 'x.gguf');
    await mkdir(folder);
    await expect(readGguf(folder)).rejects.toMatchObject(BROKEN);
  });

  test('a file that is not there is unavailable, not broken', async () => {
    const missing = path.join(await testFolder(), 'x.gguf');
    await expect(readGguf(missing)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });
});

describe('a header that lies', () => {
  const HUGE = 2n ** 63n + 5n;
  const one = (raw: Buffer) => ({ 'general.architecture': { text: 'llama' }, x: { raw } });
  test.each([
    ['version 1', ggufBytes({ version: 1 })],
    ['another byte order', ggufBytes({ version: 0x03000000 })],
    ['2^63 tensors', ggufBytes({ tensors: HUGE })],
    ['a million tensors', ggufBytes({ tensors: 1_000_000 })],
    ['2^63 values', ggufBytes({ valueCount: HUGE })],
    ['more values than there are', ggufBytes({ valueCount: 6 })],
    ['no weights', ggufBytes({ tensors: 0 })],
    ['no architecture', ggufBytes({ values: {} })],
    ['a text of 2^63 bytes', ggufBytes({ values: one(Buffer.concat([u32(8), u64(HUGE)])) })],
    ['a text of 10 GB', ggufBytes({ values: one(Buffer.concat([u32(8), u64(10 ** 10)])) })],
    [
      'an array of 2^53 numbers',
      ggufBytes({ values: one(Buffer.concat([u32(9), u32(4), u64(2n ** 53n - 1n)])) }),
    ],
    ['an array of 2^50 texts', ggufBytes({ values: one(Buffer.concat([u32(9), u32(8), u64(2n ** 50n)])) })],
    ['arrays in arrays', ggufBytes({ values: one(Buffer.concat([u32(9), u32(9), u64(1), u32(9), u64(1)])) })],
    ['an unknown type', ggufBytes({ values: one(u32(77)) })],
    ['an alignment of 0', ggufBytes({ values: { ...VALUES, 'general.alignment': { u32: 0 } } })],
  ])('about %s is refused', async (_, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject(BROKEN);
  });

  test('in any byte ends in facts or in a refusal, never in a crash', async () => {
    const whole = ggufBytes();
    const end = whole.indexOf('weights') + 40;
    const file = await written('');
    await fc.assert(
      fc.asyncProperty(fc.nat(end), fc.integer({ min: 0, max: 255 }), async (at, value) => {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        await writeFile(file, bytes);
        const outcome = await readGguf(file).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toMatchObject(BROKEN);
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  test('about the size of a tensor is refused', async () => {
    const bytes = ggufBytes();
    bytes.writeBigUInt64LE(2n ** 60n, bytes.indexOf(text('weights')) + 8 + 'weights'.length + 4);
    await expect(read(bytes)).rejects.toMatchObject(BROKEN);
  });
});

describe('the KV cache of a token', () => {
  const number = (value: number) => ({ u32: value });
  const SHAPE = {
    'llama.block_count': number(30),
    'llama.embedding_length': number(576),
    'llama.attention.head_count': number(9),
    'llama.attention.head_count_kv': number(3),
  };
  const kvOf = async (values: NonNullable<Parameters<typeof ggufBytes>[0]>['values']) => {
    const file = path.join(await testFolder(), 'm.gguf');
    await writeFile(file, ggufBytes({ values: { ...VALUES, ...values } }));
    return (await readGguf(file)).kvBytesPerToken;
  };

  test('is reckoned from the header: layers × KV heads × head size × 2, in fp16', async () => {
    expect(await kvOf(SHAPE)).toBe(30 * 3 * (64 + 64) * 2);
    const wide = { 'llama.attention.key_length': number(128), 'llama.attention.value_length': number(128) };
    expect(await kvOf({ ...SHAPE, ...wide })).toBe(30 * 3 * (128 + 128) * 2);
  });

  test('is absent where the header leaves a part of it open', async () => {
    const { 'llama.block_count': _, ...rest } = SHAPE;
    expect(await kvOf(rest)).toBeUndefined();
  });
});
