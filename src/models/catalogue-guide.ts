import type { CatalogueEntry } from './catalogue.js';
import { GEMMA, MIT, QWEN_RESEARCH } from './licences.js';

const KIB = 1024;

/** The three models of the setup guide, under the ids that it writes. */
export const GUIDE_MODELS: readonly CatalogueEntry[] = [
  {
    alias: 'phi3-mini',
    title: 'Phi-3 mini 4k Instruct, Q4_K_M',
    ids: [
      'microsoft/Phi-3-mini-4k-instruct',
      'microsoft/Phi-3-mini-4k-instruct-gguf',
      'Phi-3-mini-4k-instruct-q4',
    ],
    source: {
      kind: 'hub',
      repo: 'microsoft/Phi-3-mini-4k-instruct-gguf',
      file: 'Phi-3-mini-4k-instruct-q4.gguf',
    },
    engines: {
      llamacpp: {
        repo: 'microsoft/Phi-3-mini-4k-instruct-gguf',
        file: 'Phi-3-mini-4k-instruct-q4.gguf',
        others: 'mradermacher/Phi-3-mini-4k-instruct-GGUF',
      },
      vllm: 'microsoft/Phi-3-mini-4k-instruct',
      tgi: 'microsoft/Phi-3-mini-4k-instruct',
      ollama: 'hf.co/microsoft/Phi-3-mini-4k-instruct-gguf:Q4',
    },
    file: 'Phi-3-mini-4k-instruct-q4.gguf',
    approxBytes: 2_390_000_000,
    licence: MIT,
    quantisation: 'Q4_K_M',
    otherWeights: { Q8_0: 4_060_000_000, BF16: 7_600_000_000, F16: 7_640_000_000 },
    kvBytesPerToken: 384 * KIB,
    context: 4_096,
    thinkingMode: false,
    thinking: false,
    // The hub's template has one since July 2024; this file is older and drops it.
    systemRole: false,
    guideWord: 'balanced',
    goodFor: 'balanced, the default for containers; 4,096 tokens of context in all',
  },
  {
    alias: 'gemma-2b',
    title: 'Gemma 2B Instruct, Q4_K_M',
    ids: ['google/gemma-2b-it', 'lmstudio-ai/gemma-2b-it-GGUF', 'gemma-2b-it-q4_k_m'],
    source: { kind: 'hub', repo: 'lmstudio-ai/gemma-2b-it-GGUF', file: 'gemma-2b-it-q4_k_m.gguf' },
    engines: {
      llamacpp: { repo: 'lmstudio-ai/gemma-2b-it-GGUF', file: 'gemma-2b-it-q4_k_m.gguf' },
      vllm: 'google/gemma-2b-it',
      tgi: 'google/gemma-2b-it',
      ollama: 'hf.co/lmstudio-ai/gemma-2b-it-GGUF:Q4_K_M',
      ungated: 'unsloth/gemma-2b-it',
    },
    file: 'gemma-2b-it-q4_k_m.gguf',
    approxBytes: 1_500_000_000,
    licence: GEMMA,
    quantisation: 'Q4_K_M',
    otherWeights: { Q8_0: 2_670_000_000, BF16: 5_000_000_000 },
    kvBytesPerToken: 18 * KIB,
    context: 8_192,
    thinkingMode: false,
    thinking: false,
    systemRole: false,
    guideWord: 'fast',
    goodFor: 'fast, and small in memory',
  },
  {
    alias: 'qwen2.5-3b',
    title: 'Qwen2.5 3B Instruct, Q4_K_M',
    ids: [
      'Qwen/Qwen2.5-3B-Instruct',
      'Qwen/Qwen2.5-3B-Instruct-GGUF',
      'bartowski/Qwen2.5-3B-Instruct-GGUF',
      'Qwen2.5-3B-Instruct-Q4_K_M',
    ],
    source: {
      kind: 'hub',
      repo: 'bartowski/Qwen2.5-3B-Instruct-GGUF',
      file: 'Qwen2.5-3B-Instruct-Q4_K_M.gguf',
    },
    engines: {
      llamacpp: { repo: 'bartowski/Qwen2.5-3B-Instruct-GGUF', file: 'Qwen2.5-3B-Instruct-Q4_K_M.gguf' },
      vllm: 'Qwen/Qwen2.5-3B-Instruct',
      tgi: 'Qwen/Qwen2.5-3B-Instruct',
      ollama: 'hf.co/bartowski/Qwen2.5-3B-Instruct-GGUF:Q4_K_M',
    },
    file: 'Qwen2.5-3B-Instruct-Q4_K_M.gguf',
    approxBytes: 1_930_000_000,
    licence: QWEN_RESEARCH,
    quantisation: 'Q4_K_M',
    otherWeights: { Q8_0: 3_290_000_000, BF16: 6_200_000_000 },
    kvBytesPerToken: 36 * KIB,
    context: 32_768,
    thinkingMode: false,
    thinking: false,
    systemRole: true,
    guideWord: 'multilingual',
    goodFor: 'multilingual; for research only',
  },
];
