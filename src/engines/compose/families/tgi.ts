import { contextPlan } from '../context-plan.js';
import { SAY } from '../messages.js';
import { type EnvValue, type Family, type FamilyOrder, type FamilyPlan, INNER_PORT } from './contract.js';
import { needGpu, type QuantiseWords, quantisation, repository } from './safetensors.js';
import { secrets } from './secrets.js';
import { servedName } from './served-name.js';

/** The last that was published. */
const IMAGE = 'ghcr.io/huggingface/text-generation-inference:3.3.7';
/** Of a request, kept for the answer. */
const ANSWER_TOKENS = 512;

const WORDS: QuantiseWords = {
  fromGuide: { int4: 'bitsandbytes-nf4', int8: 'eetq' },
  whileLoading: ['bitsandbytes', 'bitsandbytes-nf4', 'bitsandbytes-fp4', 'eetq', 'fp8'],
  stored: ['gptq', 'awq', 'marlin', 'exl2', 'compressed-tensors'],
  tellsStored: true,
};

function plan(order: FamilyOrder): FamilyPlan {
  needGpu(order, 'TGI');
  const { totalTokens, gpus } = order;
  const source = repository(order, 'tgi', 'TGI');
  const quantise = quantisation(order, source.repo, WORDS, 'TGI');
  const { context } = contextPlan(order.model, totalTokens);
  const answer = Math.min(ANSWER_TOKENS, Math.floor(context / 2));
  // An empty variable ends it: what is not wanted is not there.
  const environment: Record<string, EnvValue> = {
    MODEL_ID: source.repo,
    PORT: String(INNER_PORT),
    MAX_INPUT_TOKENS: String(context - answer),
    MAX_TOTAL_TOKENS: String(context),
    ...(totalTokens === undefined ? {} : { MAX_BATCH_TOTAL_TOKENS: String(totalTokens) }),
    ...(quantise.value === undefined ? {} : { QUANTIZE: quantise.value }),
    ...(gpus.length > 1 ? { NUM_SHARD: String(gpus.length) } : {}),
    USAGE_STATS: 'off',
    JSON_OUTPUT: 'true',
    ...secrets(order, 'API_KEY'),
  };
  const pool = totalTokens === undefined ? [] : [SAY.poolIgnored(totalTokens)];
  return {
    served: servedName(order.model),
    context,
    notices: [SAY.archived, ...source.notices, ...quantise.notices, ...pool],
    steps: [],
    service: {
      image: order.image ?? IMAGE,
      command: [],
      environment,
      mounts: [{ from: { volume: 'llm-tgi' }, to: '/data' }],
      health: { test: ['CMD', 'curl', '-fsS', `http://127.0.0.1:${INNER_PORT}/health`], startPeriod: '900s' },
      memory: '12g',
      shm: '1gb',
      readOnly: false,
    },
  };
}

/** Archived by its makers: its configuration is written, and nothing more is promised. */
export const tgi: Family = {
  name: 'tgi',
  health: '/health',
  readiness: { path: '/health', isReady: (status) => status === 200 },
  takesKey: true,
  metrics: {
    path: '/metrics',
    running: 'tgi_batch_current_size',
    waiting: 'tgi_queue_size',
    promptTokens: 'tgi_request_input_length_sum',
    outputTokens: 'tgi_request_generated_tokens_sum',
  },
  phases: [
    { phase: 'download', pattern: /Starting (?:check and )?download/ },
    { phase: 'load', pattern: /Successfully downloaded weights|Starting shard/ },
    { phase: 'warm-up', pattern: /Warming up model/ },
    { phase: 'ready', pattern: /text_generation_router.*Connected/ },
  ],
  plan,
};
