import { BrokenGguf, type GgufReader } from './gguf-reader.js';
import { WHY_BROKEN } from './messages.js';

/** Bytes of the value types of fixed length, by GGUF's number: u8 i8 u16 i16 u32 i32 f32 bool … u64 i64 f64. */
const FIXED: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
const STRING = 8;
const ARRAY = 9;
/** GGUF's own bound for a key. */
const LONGEST_KEY = 65_535;
/** A value that is shown is short; a chat template is longer and is passed over. */
const LONGEST_KEPT_TEXT = 4_096;

export type GgufMetadata = ReadonlyMap<string, string | number>;

/** The short texts and whole numbers of a header; arrays and everything else are passed over. */
export async function readMetadata(reader: GgufReader, count: number): Promise<GgufMetadata> {
  const kept = new Map<string, string | number>();
  for (let i = 0; i < count; i += 1) {
    const key = await reader.text(LONGEST_KEY);
    const value = await readValue(reader, await reader.u32());
    if (value !== undefined) kept.set(key, value);
  }
  return kept;
}

async function readValue(reader: GgufReader, type: number): Promise<string | number | undefined> {
  if (type === STRING) {
    const length = await reader.u64();
    if (length <= LONGEST_KEPT_TEXT) return (await reader.bytes(length)).toString('utf8');
    reader.skip(length);
    return undefined;
  }
  if (type === ARRAY) {
    await skipArray(reader);
    return undefined;
  }
  const bytes = fixedBytes(type);
  const value = await reader.bytes(bytes);
  if (type === 6) return value.readFloatLE();
  if (type === 12) return value.readDoubleLE();
  return bytes === 8 ? Number(value.readBigUInt64LE()) : value.readUIntLE(0, bytes);
}

async function skipArray(reader: GgufReader): Promise<void> {
  const type = await reader.u32();
  const length = await reader.u64();
  if (type === ARRAY) throw new BrokenGguf(WHY_BROKEN.nestedArray);
  if (type !== STRING) {
    const bytes = fixedBytes(type) * length;
    reader.skip(bytes);
    return;
  }
  // Every text takes 8 bytes at least, so the file's own length bounds this loop.
  await reader.skipTexts(length);
}

function fixedBytes(type: number): number {
  const bytes = FIXED[type];
  if (bytes === undefined) throw new BrokenGguf(WHY_BROKEN.valueType(type));
  return bytes;
}
