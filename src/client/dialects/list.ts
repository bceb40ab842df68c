import type { Dialect, DialectName } from './contract.js';
import { llamacpp } from './llamacpp.js';
import { ollama } from './ollama.js';
import { openai } from './openai.js';
import { tgi } from './tgi.js';
import { vllm } from './vllm.js';

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = { llamacpp, vllm, tgi, ollama, openai };
