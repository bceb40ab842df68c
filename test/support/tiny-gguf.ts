import { writeFileSync } from 'node:fs';

/** What differs between the little models that tests make. */
export interface TinyGgufOptions {
  /** Tokens that the model says it was trained on. */
  context?: number;
  seed?: number;
  layers?: number;
  width?: number;
  /** Null: a model without a chat template. */
  chatTemplate?: string | null;
}

export const CHATML_TEMPLATE =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

enum Type {
  U32 = 4,
  F32 = 6,
  BOOL = 7,
  STRING = 8,
  ARRAY = 9,
  I32 = 5,
}

/** The first tokens of the vocabulary: unknown, BOS, EOS and the two of ChatML. */
const CONTROL_TOKENS = 5;

/** Token types of GGUF: 1 normal, 2 unknown, 3 control, 6 byte. */
function vocabulary(): { text: string; type: number; score: number }[] {
  const tokens = [
    { text: '<unk>', type: 2, score: 0 },
    { text: '<s>', type: 3, score: 0 },
    { text: '</s>', type: 3, score: 0 },
    { text: '<|im_start|>', type: 3, score: 0 },
    { text: '<|im_end|>', type: 3, score: 0 },
  ];
  for (let byte = 0; byte < 256; byte++) {
    tokens.push({ text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, type: 6, score: 0 });
  }
  // Letters of one script only: Cyrillic and emoji have to come out of byte tokens, several to a character.
  const pieces = [
    '▁',
    '\n',
    ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;!?"{}[]()-_\'\\/',
  ];
  for (const piece of pieces) tokens.push({ text: piece, type: 1, score: -10 });
  for (const word of ['he', 'er', 'in', 'on', '▁t', '▁a', '▁the', '▁and', 'ing', '▁is', '":', '",'])
    tokens.push({ text: word, type: 1, score: -1 });
  return tokens;
}

/** A small generator of numbers that gives the same model for the same seed on every machine. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * The bytes of a llama-architecture model with random weights (about 1 MB): the real binding loads it and
 * generates from it at thousands of tokens a second, and what it says is noise.
 */
export function tinyGguf(options: TinyGgufOptions = {}): Buffer {
  const { context = 512, seed = 1, layers = 2, width = 64 } = options;
  const template = options.chatTemplate === undefined ? CHATML_TEMPLATE : options.chatTemplate;
  const heads = 4;
  const kvHeads = 2;
  const feedForward = width * 2;
  const tokens = vocabulary();
  const out: Buffer[] = [];
  const u32 = (value: number) => {
    const b = Buffer.alloc(4);
    b.writeUInt32LE(value);
    return b;
  };
  const u64 = (value: number) => {
    const b = Buffer.alloc(8);
    b.writeBigUInt64LE(BigInt(value));
    return b;
  };
  const f32 = (value: number) => {
    const b = Buffer.alloc(4);
    b.writeFloatLE(value);
    return b;
  };
  const str = (value: string) => {
    const bytes = Buffer.from(value, 'utf8');
    return Buffer.concat([u64(bytes.length), bytes]);
  };

  const meta: Buffer[] = [];
  const put = (key: string, type: Type, value: Buffer) =>
    meta.push(Buffer.concat([str(key), u32(type), value]));
  const list = (type: Type, items: Buffer[]) => Buffer.concat([u32(type), u64(items.length), ...items]);
  put('general.architecture', Type.STRING, str('llama'));
  put('general.name', Type.STRING, str('tiny-random'));
  put('llama.context_length', Type.U32, u32(context));
  put('llama.embedding_length', Type.U32, u32(width));
  put('llama.block_count', Type.U32, u32(layers));
  put('llama.feed_forward_length', Type.U32, u32(feedForward));
  put('llama.attention.head_count', Type.U32, u32(heads));
  put('llama.attention.head_count_kv', Type.U32, u32(kvHeads));
  put('llama.attention.layer_norm_rms_epsilon', Type.F32, f32(1e-5));
  put('llama.rope.dimension_count', Type.U32, u32(width / heads));
  put('llama.vocab_size', Type.U32, u32(tokens.length));
  put('tokenizer.ggml.model', Type.STRING, str('llama'));
  put(
    'tokenizer.ggml.tokens',
    Type.ARRAY,
    list(
      Type.STRING,
      tokens.map((token) => str(token.text)),
    ),
  );
  put(
    'tokenizer.ggml.scores',
    Type.ARRAY,
    list(
      Type.F32,
      tokens.map((token) => f32(token.score)),
    ),
  );
  put(
    'tokenizer.ggml.token_type',
    Type.ARRAY,
    list(
      Type.I32,
      tokens.map((token) => u32(token.type)),
    ),
  );
  put('tokenizer.ggml.unknown_token_id', Type.U32, u32(0));
  put('tokenizer.ggml.bos_token_id', Type.U32, u32(1));
  put('tokenizer.ggml.eos_token_id', Type.U32, u32(4));
  put('tokenizer.ggml.add_bos_token', Type.BOOL, Buffer.from([1]));
  put('tokenizer.ggml.add_eos_token', Type.BOOL, Buffer.from([0]));
  put('tokenizer.ggml.add_space_prefix', Type.BOOL, Buffer.from([0]));
  if (template !== null) put('tokenizer.chat_template', Type.STRING, str(template));

  const random = randomOf(seed);
  const normal = () => random() + random() + random() + random() - 2;
  const tensors: { name: string; shape: number[]; data: Buffer }[] = [];
  const tensor = (name: string, shape: number[], fill: () => number) => {
    const values = new Float32Array(shape.reduce((product, n) => product * n, 1));
    for (let i = 0; i < values.length; i++) values[i] = fill();
    tensors.push({ name, shape, data: Buffer.from(values.buffer) });
  };
  const weight = (fanIn: number) => () => (normal() * 1.7) / Math.sqrt(fanIn);
  const kvWidth = (width / heads) * kvHeads;
  tensor('token_embd.weight', [width, tokens.length], normal);
  for (let layer = 0; layer < layers; layer++) {
    const at = `blk.${layer}.`;
    tensor(`${at}attn_norm.weight`, [width], () => 1);
    tensor(`${at}attn_q.weight`, [width, width], weight(width));
    tensor(`${at}attn_k.weight`, [width, kvWidth], weight(width));
    tensor(`${at}attn_v.weight`, [width, kvWidth], weight(width));
    tensor(`${at}attn_output.weight`, [width, width], weight(width));
    tensor(`${at}ffn_norm.weight`, [width], () => 1);
    tensor(`${at}ffn_gate.weight`, [width, feedForward], weight(width));
    tensor(`${at}ffn_up.weight`, [width, feedForward], weight(width));
    tensor(`${at}ffn_down.weight`, [feedForward, width], weight(feedForward));
  }
  tensor('output_norm.weight', [width], () => 1);
  // Tokens of control weigh nothing: an answer ends where a test ends it, not where the noise happens to.
  const controls = width * CONTROL_TOKENS;
  const outputWeight = weight(width);
  let filled = 0;
  tensor('output.weight', [width, tokens.length], () => (filled++ < controls ? 0 : outputWeight()));

  out.push(Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(meta.length), ...meta);
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    out.push(str(name), u32(shape.length), ...shape.map(u64), u32(0), u64(offset));
    offset += Math.ceil(data.length / 32) * 32;
  }
  const header = Buffer.concat(out);
  const pad = (buffer: Buffer) => Buffer.concat([buffer, Buffer.alloc((32 - (buffer.length % 32)) % 32)]);
  return Buffer.concat([pad(header), ...tensors.map(({ data }) => pad(data))]);
}

/** Writes such a model and gives its path back. */
export function writeTinyGguf(path: string, options: TinyGgufOptions = {}): string {
  writeFileSync(path, tinyGguf(options));
  return path;
}
