import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { type Shape, writeRandomWeights } from '../random-weights.js';

/** Of a 1.4 B model: what costs time and memory is the shape, not what the weights say. */
const SHAPE: Shape = {
  ...{ name: 'random-1.4b', architecture: 'llama', layers: 28, width: 1536, feedForward: 8960 },
  ...{ heads: 12, kvHeads: 2, headSize: 128, vocabulary: 49_152, context: 8192 },
};

/** Path of a llama-architecture model with random Q4_0 weights (782 MB), made once, outside the checkout. */
export function bigGguf(): string {
  const folder = path.join(homedir(), '.cache', 'botllm-tests');
  const file = path.join(folder, 'random-1.4b-q4_0.v3.gguf');
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  renameSync(writeRandomWeights(draft, SHAPE), file);
  return file;
}
