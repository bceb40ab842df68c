import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { importParts } from '../../../src/engines/embedded/load/binding-parts.js';
import { knownPlace } from '../../../src/engines/embedded/load/binding-place.js';
import { readHeader } from '../../../src/engines/embedded/load/header.js';
import { ggufBytes, text, u32, VALUES } from '../../models/gguf-bytes.js';

const WINDOW = 4 * 1024 * 1024;
const place = knownPlace(undefined);
const folder = mkdtempSync(path.join(tmpdir(), 'botllm-header-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const f32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
};
/** Values of every kind that a header is read by: 4 bytes of three sorts, 8 bytes, a text. */
const ROUND = {
  whole: { raw: Buffer.concat([u32(4), u32(7)]) },
  signed: { raw: Buffer.concat([u32(5), u32(0xffff_fff9)]) },
  real: { raw: Buffer.concat([u32(6), f32(0.5)]) },
  long: { raw: Buffer.concat([u32(10), u32(9), u32(0)]) },
  word: { text: 'привет' },
};
const TRUE = { whole: 7, signed: -7, real: 0.5, long: 9n, word: 'привет' };

describe.runIf(place)('the header of a model', () => {
  it('is read the same wherever a window of the file ends in it, as a vocabulary of 262,000 words needs', async () => {
    if (!place) return;
    const parts = await importParts(place);
    const { word, ...rest } = ROUND;
    const length = ggufBytes({ values: { ...VALUES, pad: { text: '' } }, floats: 0 }).length;
    const roundBytes = Object.entries(rest).reduce(
      (sum, [key, { raw }]) => sum + text(key).length + raw.length,
      0,
    );
    const most = roundBytes + text('word').length + 4 + text(word.text).length;
    // The window's end moves through the round a byte at a time.
    for (let back = 0; back <= most; back += 1) {
      const pad = 'x'.repeat(WINDOW - length - back + 32);
      const file = path.join(folder, 'model.gguf');
      writeFileSync(file, ggufBytes({ values: { ...VALUES, pad: { text: pad }, ...ROUND } }));
      const { metadata } = await readHeader(parts, file);
      expect(metadata, `${back} bytes back`).toMatchObject(TRUE);
    }
  });
});
