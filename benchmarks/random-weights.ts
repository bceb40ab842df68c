import { closeSync, openSync, writeSync } from 'node:fs';
import { text, u32, u64 } from '../test/models/gguf-bytes.js';
import { CHATML_TEMPLATE } from '../test/support/tiny-gguf.js';

/** The shape of a model as its authors published it, without its weights. */
export interface Shape {
  name: string;
  architecture: 'gemma' | 'llama' | 'phi3' | 'qwen2';
  layers: number;
  width: number;
  feedForward: number;
  heads: number;
  kvHeads: number;
  headSize: number;
  vocabulary: number;
  context: number;
}

interface Tensor {
  name: string;
  dimensions: readonly number[];
  /** Numbers for which the signal keeps its size; absent: a norm or a bias, in whole floats. */
  fanIn?: number;
  /** A row for each token. */
  isOfTokens?: boolean;
  /** Every number of a norm or a bias. */
  value?: number;
}

const F32 = 0;
/** A block of Q4_0: 32 numbers from −8 to 7 in halves of a byte, after their common factor. Source: ggml-common.h. */
const Q4_0 = 2;
const BLOCK_NUMBERS = 32;
const BLOCK_BYTES = 18;
/** Root mean square of the whole numbers from −8 to 7. */
const BLOCK_RMS = 4.64;
/** What activations lose is given back: values neither grow nor vanish. */
const GAIN = 1.7;
const ALIGNMENT = 32;
/** An odd number, so that rows of one tensor differ. */
const POOL_BLOCKS = 65_521;
const CONTROLS = ['<unk>', '<s>', '</s>', '<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const;

/**
 * Writes a model of this very shape whose weights are random numbers, in blocks of Q4_0: it takes the memory and the
 * time of the real one in that quantisation, and what it says is noise.
 */
export function writeRandomWeights(path: string, shape: Shape): string {
  const tensors = tensorsOf(shape);
  const values = metadataOf(shape);
  let offset = 0;
  const infos = tensors.map((tensor) => {
    const type = tensor.fanIn === undefined ? F32 : Q4_0;
    const info = [
      text(tensor.name),
      u32(tensor.dimensions.length),
      ...tensor.dimensions.map(u64),
      u32(type),
      u64(offset),
    ];
    offset += alignUp(bytesOf(tensor));
    return Buffer.concat(info);
  });
  const header = Buffer.concat([
    ...[Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(values.length)],
    ...values,
    ...infos,
  ]);
  const file = openSync(path, 'w');
  try {
    writeSync(file, padded(header));
    const noise = randomBlocks();
    for (const tensor of tensors) writeTensor(file, tensor, noise);
  } finally {
    closeSync(file);
  }
  return path;
}

function tensorsOf(shape: Shape): Tensor[] {
  const { architecture, layers, width, feedForward, heads, kvHeads, headSize, vocabulary } = shape;
  const queries = heads * headSize;
  const keys = kvHeads * headSize;
  const matrix = (name: string, from: number, to: number): Tensor => ({
    name,
    dimensions: [from, to],
    fanIn: from,
  });
  const norm = (name: string): Tensor => ({ name, dimensions: [width], value: 1 });
  const bias = (name: string, size: number): Tensor => ({ name, dimensions: [size], value: 0 });
  const perToken = (name: string): Tensor => ({ ...matrix(name, width, vocabulary), isOfTokens: true });
  const tensors = [perToken('token_embd.weight'), norm('output_norm.weight')];
  // The others ask their embedding backwards.
  if (architecture === 'phi3') tensors.push(perToken('output.weight'));
  for (let layer = 0; layer < layers; layer += 1) {
    const at = `blk.${layer}.`;
    tensors.push(norm(`${at}attn_norm.weight`), norm(`${at}ffn_norm.weight`));
    tensors.push(
      matrix(`${at}attn_output.weight`, queries, width),
      matrix(`${at}ffn_down.weight`, feedForward, width),
    );
    if (architecture === 'phi3') {
      tensors.push(matrix(`${at}attn_qkv.weight`, width, queries + 2 * keys));
      tensors.push(matrix(`${at}ffn_up.weight`, width, 2 * feedForward));
      continue;
    }
    tensors.push(matrix(`${at}attn_q.weight`, width, queries));
    tensors.push(matrix(`${at}attn_k.weight`, width, keys), matrix(`${at}attn_v.weight`, width, keys));
    tensors.push(
      matrix(`${at}ffn_gate.weight`, width, feedForward),
      matrix(`${at}ffn_up.weight`, width, feedForward),
    );
    if (architecture === 'qwen2') {
      tensors.push(
        bias(`${at}attn_q.bias`, queries),
        bias(`${at}attn_k.bias`, keys),
        bias(`${at}attn_v.bias`, keys),
      );
    }
  }
  return tensors;
}

/** Types of GGUF's values. */
const TYPE = { u32: 4, i32: 5, f32: 6, text: 8, array: 9 } as const;

function metadataOf(shape: Shape): Buffer[] {
  const { architecture, name, layers, width, feedForward, heads, kvHeads, headSize, context } = shape;
  const words = (key: string, value: string) => Buffer.concat([text(key), u32(TYPE.text), text(value)]);
  const number = (key: string, value: number) => Buffer.concat([text(key), u32(TYPE.u32), u32(value)]);
  const list = (key: string, type: number, items: readonly Buffer[]) =>
    Buffer.concat([text(key), u32(TYPE.array), u32(type), u64(items.length), ...items]);
  const own = (key: string, value: number) => number(`${architecture}.${key}`, value);
  const tokens = tokensOf(shape.vocabulary);
  return [
    words('general.architecture', architecture),
    words('general.name', `${name} random weights`),
    number('general.file_type', 2),
    own('context_length', context),
    own('embedding_length', width),
    own('block_count', layers),
    own('feed_forward_length', feedForward),
    own('attention.head_count', heads),
    own('attention.head_count_kv', kvHeads),
    own('attention.key_length', headSize),
    own('attention.value_length', headSize),
    own('rope.dimension_count', headSize),
    Buffer.concat([text(`${architecture}.attention.layer_norm_rms_epsilon`), u32(TYPE.f32), f32(1e-6)]),
    words('tokenizer.ggml.model', 'llama'),
    list(
      'tokenizer.ggml.tokens',
      TYPE.text,
      tokens.map((token) => text(token.text)),
    ),
    list(
      'tokenizer.ggml.scores',
      TYPE.f32,
      tokens.map((token) => f32(token.score)),
    ),
    list(
      'tokenizer.ggml.token_type',
      TYPE.i32,
      tokens.map((token) => u32(token.type)),
    ),
    number('tokenizer.ggml.unknown_token_id', 0),
    number('tokenizer.ggml.bos_token_id', 1),
    number('tokenizer.ggml.eos_token_id', 5),
    words('tokenizer.chat_template', CHATML_TEMPLATE),
  ];
}

/**
 * Token types of GGUF: 1 normal, 2 unknown, 3 control, 6 byte. Bytes, ASCII, and the words of one to three letters
 * with and without a space before: about a token a word. llama.cpp looks for two of the control tokens by name in
 * whatever is called phi3.
 */
function tokensOf(count: number): { text: string; type: number; score: number }[] {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const two = letters.flatMap((a) => letters.map((b) => a + b));
  const three = two.flatMap((a) => letters.map((b) => a + b));
  const words = [...letters, ...two, ...three].flatMap((word) => [word, `▁${word}`]);
  const ascii = Array.from({ length: 94 }, (_, n) => String.fromCharCode(33 + n)).filter(
    (c) => !/[a-z]/.test(c),
  );
  const byte = (n: number) => `<0x${n.toString(16).toUpperCase().padStart(2, '0')}>`;
  const tokens = [
    ...CONTROLS.map((text, n) => ({ text, type: n === 0 ? 2 : 3, score: 0 })),
    ...Array.from({ length: 256 }, (_, n) => ({ text: byte(n), type: 6, score: 0 })),
    ...['▁', '\n', ...ascii, ...words].map((text) => ({ text, type: 1, score: text.length })),
  ].slice(0, count);
  while (tokens.length < count) tokens.push({ text: `▁Q${tokens.length}`, type: 1, score: -100 });
  return tokens;
}

const alignUp = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
const padded = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc(alignUp(bytes.length) - bytes.length)]);
const numbersOf = ({ dimensions }: Tensor): number => dimensions.reduce((product, size) => product * size, 1);

function bytesOf(tensor: Tensor): number {
  const numbers = numbersOf(tensor);
  return tensor.fanIn === undefined ? numbers * 4 : (numbers / BLOCK_NUMBERS) * BLOCK_BYTES;
}

function writeTensor(file: number, tensor: Tensor, noise: Buffer): void {
  const bytes = bytesOf(tensor);
  if (tensor.fanIn === undefined) {
    writeSync(file, padded(Buffer.from(new Float32Array(numbersOf(tensor)).fill(tensor.value ?? 0).buffer)));
    return;
  }
  const factor = half(GAIN / (BLOCK_RMS * Math.sqrt(tensor.fanIn)));
  for (let at = 0; at < noise.length; at += BLOCK_BYTES) noise.writeUInt16LE(factor, at);
  let left = bytes;
  if (tensor.isOfTokens) {
    // Tokens of control weigh nothing: an answer ends where the benchmark ends it.
    const silent = Buffer.alloc((CONTROLS.length * tensor.fanIn * BLOCK_BYTES) / BLOCK_NUMBERS);
    left -= writeSync(file, silent);
  }
  for (; left > 0; left -= noise.length)
    writeSync(file, left < noise.length ? noise.subarray(0, left) : noise);
  writeSync(file, Buffer.alloc(alignUp(bytes) - bytes));
}

/** The same on every machine. */
function randomBlocks(): Buffer {
  const pool = Buffer.alloc(BLOCK_BYTES * POOL_BLOCKS);
  let seed = 1;
  for (let at = 0; at < pool.length; at += 2) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    pool.writeUInt16LE(seed >>> 16, at);
  }
  return pool;
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

/** A normal, positive number in IEEE 754's 16 bits. */
function half(value: number): number {
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) + Math.round((value / 2 ** exponent - 1) * 1024);
}
