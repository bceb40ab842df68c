/** Writes GGUF headers by hand, the true and the untrue. */
type Value = { text: string } | { u32: number } | { texts: string[] } | { raw: Buffer };

export const u32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(n);
  return bytes;
};

export const u64 = (n: number | bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(n));
  return bytes;
};

export const text = (value: string): Buffer =>
  Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

function encode(value: Value): Buffer {
  if ('text' in value) return Buffer.concat([u32(8), text(value.text)]);
  if ('u32' in value) return Buffer.concat([u32(4), u32(value.u32)]);
  if ('texts' in value) {
    return Buffer.concat([u32(9), u32(8), u64(value.texts.length), ...value.texts.map(text)]);
  }
  return value.raw;
}

export const VALUES: Record<string, Value> = {
  'general.architecture': { text: 'llama' },
  'general.name': { text: 'Tiny' },
  'general.file_type': { u32: 15 },
  'llama.context_length': { u32: 512 },
  'tokenizer.ggml.tokens': { texts: ['a', 'b', 'привет'] },
};

/** A whole file with one F32 tensor of `floats` values. */
export function ggufBytes({
  values = VALUES,
  floats = 64,
  version = 3,
  tensors = 1,
  valueCount = Object.keys(values).length,
}: {
  values?: Record<string, Value>;
  floats?: number;
  version?: number;
  tensors?: number | bigint;
  valueCount?: number | bigint;
} = {}): Buffer {
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    u32(version),
    u64(tensors),
    u64(valueCount),
    ...Object.entries(values).flatMap(([key, value]) => [text(key), encode(value)]),
    ...(tensors === 0 ? [] : [text('weights'), u32(1), u64(floats), u32(0), u64(0)]),
  ]);
  const padding = Buffer.alloc((32 - (header.length % 32)) % 32);
  const data = Buffer.alloc(floats * 4);
  for (let i = 0; i < floats; i += 1) data.writeFloatLE(i, i * 4);
  return Buffer.concat([header, padding, data]);
}
