import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { CHATML_TEMPLATE } from '../../test/support/tiny-gguf.js';

/** The shape of a 1.4 B model: what costs time and memory is the shape, not what the weights say. */
const LAYERS = 28;
const WIDTH = 1536;
const FEED_FORWARD = 8960;
const HEADS = 12;
const KV_HEADS = 2;
const VOCABULARY = 49_152;
const TRAINED = 8192;

const CONTROLS = ['<unk>', '<s>', '</s>', '<|im_start|>', '<|im_end|>'];
/** A Q4_0 block: one f16 scale and 32 weights of 4 bits. */
const BLOCK_BYTES = 18;
const BLOCK_WEIGHTS = 32;
enum Tensor {
  F32 = 0,
  Q4_0 = 2,
}
enum Type {
  U32 = 4,
  I32 = 5,
  F32 = 6,
  BOOL = 7,
  STRING = 8,
  ARRAY = 9,
}

/** Path of a llama-architecture model with random Q4_0 weights (782 MB), made once, outside the checkout. */
export function bigGguf(): string {
  const folder = path.join(homedir(), '.cache', 'botllm-tests');
  const file = path.join(folder, 'random-1.4b-q4_0.v2.gguf');
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  write(draft);
  renameSync(draft, file);
  return file;
}

interface TensorPlan {
  name: string;
  shape: [number, ...number[]];
  type: Tensor;
}

function tensors(): TensorPlan[] {
  const kv = (WIDTH / HEADS) * KV_HEADS;
  const q4 = (name: string, shape: [number, number]) => ({ name, shape, type: Tensor.Q4_0 });
  const norm = (name: string): TensorPlan => ({ name, shape: [WIDTH], type: Tensor.F32 });
  const layer = (n: number): TensorPlan[] => [
    norm(`blk.${n}.attn_norm.weight`),
    q4(`blk.${n}.attn_q.weight`, [WIDTH, WIDTH]),
    q4(`blk.${n}.attn_k.weight`, [WIDTH, kv]),
    q4(`blk.${n}.attn_v.weight`, [WIDTH, kv]),
    q4(`blk.${n}.attn_output.weight`, [WIDTH, WIDTH]),
    norm(`blk.${n}.ffn_norm.weight`),
    q4(`blk.${n}.ffn_gate.weight`, [WIDTH, FEED_FORWARD]),
    q4(`blk.${n}.ffn_up.weight`, [WIDTH, FEED_FORWARD]),
    q4(`blk.${n}.ffn_down.weight`, [FEED_FORWARD, WIDTH]),
  ];
  return [
    // The output is tied to it, as in small models.
    q4('token_embd.weight', [WIDTH, VOCABULARY]),
    ...Array.from({ length: LAYERS }, (_, n) => layer(n)).flat(),
    norm('output_norm.weight'),
  ];
}

const count = ({ shape }: TensorPlan) => shape.reduce((product, n) => product * n, 1);
const bytes = (plan: TensorPlan) =>
  plan.type === Tensor.F32 ? count(plan) * 4 : (count(plan) / BLOCK_WEIGHTS) * BLOCK_BYTES;
const aligned = (n: number) => Math.ceil(n / 32) * 32;

function write(file: string): void {
  const plans = tensors();
  const fd = openSync(file, 'w');
  try {
    const entries = metadata();
    const head = [Buffer.from('GGUF'), u32(3), u64(plans.length), u64(entries.length), ...entries];
    let offset = 0;
    for (const plan of plans) {
      head.push(str(plan.name), u32(plan.shape.length), ...plan.shape.map(u64), u32(plan.type), u64(offset));
      offset += aligned(bytes(plan));
    }
    writePadded(fd, Buffer.concat(head));
    for (const plan of plans) writePadded(fd, plan.type === Tensor.F32 ? ones(count(plan)) : blocks(plan));
  } finally {
    closeSync(fd);
  }
}

function writePadded(fd: number, data: Buffer): void {
  for (let at = 0; at < data.length; ) at += writeSync(fd, data, at);
  writeSync(fd, Buffer.alloc(aligned(data.length) - data.length));
}

function ones(n: number): Buffer {
  return Buffer.from(new Float32Array(n).fill(1).buffer);
}

/** Random nibbles around zero (their deviation is 4.6), scaled so that values neither grow nor vanish. */
function blocks(plan: TensorPlan): Buffer {
  const scale = half(1.7 / 4.6 / Math.sqrt(plan.shape[0]));
  const data = Buffer.alloc(bytes(plan));
  const pool = randomBlocks(scale);
  for (let at = 0; at < data.length; at += pool.length) pool.copy(data, at);
  // Tokens of control weigh nothing: an answer ends where the benchmark ends it.
  if (plan.name === 'token_embd.weight')
    data.fill(0, 0, CONTROLS.length * (WIDTH / BLOCK_WEIGHTS) * BLOCK_BYTES);
  return data;
}

let seed = 1;
/** A pool of an odd number of blocks, so that rows of one tensor differ. */
function randomBlocks(scale: number): Buffer {
  const pool = Buffer.alloc(BLOCK_BYTES * 65_521);
  for (let at = 0; at < pool.length; at += 2) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    pool.writeUInt16LE(seed >>> 16, at);
  }
  for (let at = 0; at < pool.length; at += BLOCK_BYTES) pool.writeUInt16LE(scale, at);
  return pool;
}

/** IEEE half of a small positive number. */
function half(value: number): number {
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) | Math.round((value / 2 ** exponent - 1) * 1024);
}

/** Bytes, ASCII, and all words of one to three letters with and without a space before: about a token a word. */
function vocabulary(): { text: string; type: number; score: number }[] {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const two = letters.flatMap((a) => letters.map((b) => a + b));
  const three = two.flatMap((a) => letters.map((b) => a + b));
  const words = [...letters, ...two, ...three];
  const ascii = Array.from({ length: 94 }, (_, n) => String.fromCharCode(33 + n)).filter(
    (c) => !/[a-z]/.test(c),
  );
  const normal = ['▁', '\n', ...ascii, ...words, ...words.map((word) => `▁${word}`)];
  const byte = (n: number) => `<0x${n.toString(16).toUpperCase().padStart(2, '0')}>`;
  const tokens = [
    ...CONTROLS.map((text, n) => ({ text, type: n === 0 ? 2 : 3, score: 0 })),
    ...Array.from({ length: 256 }, (_, n) => ({ text: byte(n), type: 6, score: 0 })),
    ...normal.map((text) => ({ text, type: 1, score: text.length })),
  ];
  while (tokens.length < VOCABULARY) tokens.push({ text: `▁Q${tokens.length}`, type: 1, score: -100 });
  return tokens;
}

function metadata(): Buffer[] {
  const tokens = vocabulary();
  const entry = (key: string, type: Type, value: Buffer) => Buffer.concat([str(key), u32(type), value]);
  const number = (key: string, value: number) => entry(key, Type.U32, u32(value));
  const list = (key: string, type: Type, items: Buffer[]) =>
    entry(key, Type.ARRAY, Buffer.concat([u32(type), u64(items.length), ...items]));
  return [
    entry('general.architecture', Type.STRING, str('llama')),
    entry('general.name', Type.STRING, str('random-1.4b')),
    number('general.file_type', 2),
    number('llama.context_length', TRAINED),
    number('llama.embedding_length', WIDTH),
    number('llama.block_count', LAYERS),
    number('llama.feed_forward_length', FEED_FORWARD),
    number('llama.attention.head_count', HEADS),
    number('llama.attention.head_count_kv', KV_HEADS),
    entry('llama.attention.layer_norm_rms_epsilon', Type.F32, f32(1e-5)),
    number('llama.rope.dimension_count', WIDTH / HEADS),
    number('llama.vocab_size', VOCABULARY),
    entry('tokenizer.ggml.model', Type.STRING, str('llama')),
    list(
      'tokenizer.ggml.tokens',
      Type.STRING,
      tokens.map(({ text }) => str(text)),
    ),
    list(
      'tokenizer.ggml.scores',
      Type.F32,
      tokens.map(({ score }) => f32(score)),
    ),
    list(
      'tokenizer.ggml.token_type',
      Type.I32,
      tokens.map(({ type }) => u32(type)),
    ),
    number('tokenizer.ggml.bos_token_id', 1),
    number('tokenizer.ggml.eos_token_id', 4),
    number('tokenizer.ggml.unknown_token_id', 0),
    entry('tokenizer.ggml.add_bos_token', Type.BOOL, Buffer.from([1])),
    // llama-server reads the start of an answer as tokens of its grammar, and a space before them is not in it.
    entry('tokenizer.ggml.add_space_prefix', Type.BOOL, Buffer.from([0])),
    entry('tokenizer.chat_template', Type.STRING, str(CHATML_TEMPLATE)),
  ];
}

function u32(value: number): Buffer {
  const b = Buffer.alloc(4);
  b.writeUInt32LE(value);
  return b;
}
function u64(value: number): Buffer {
  const b = Buffer.alloc(8);
  b.writeBigUInt64LE(BigInt(value));
  return b;
}
function f32(value: number): Buffer {
  const b = Buffer.alloc(4);
  b.writeFloatLE(value);
  return b;
}
function str(value: string): Buffer {
  const text = Buffer.from(value, 'utf8');
  return Buffer.concat([u64(text.length), text]);
}
