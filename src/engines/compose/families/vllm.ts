import { contextPlan } from '../context-plan.js';
import { SAY } from '../messages.js';
import { type Family, type FamilyOrder, type FamilyPlan, INNER_PORT } from './contract.js';
import { needGpu, type QuantiseWords, quantisation, repository } from './safetensors.js';
import { secrets } from './secrets.js';
import { servedName } from './served-name.js';

const IMAGE = 'vllm/vllm-openai:v0.27.1';
/** Of the whole card; its own 0.92 fails beside anything else that uses it. */
const CARD_SHARE = '0.85';

/** What its image fetches with; what vLLM would not read of a repository stays there. */
const SNAPSHOT = [
  'import sys, huggingface_hub',
  'huggingface_hub.snapshot_download(sys.argv[1], ignore_patterns=["*.gguf", "*.onnx", "*.pth", "original/*"])',
].join('\n');

const WORDS: QuantiseWords = {
  fromGuide: { int4: 'bitsandbytes', int8: 'fp8' },
  whileLoading: ['bitsandbytes', 'fp8'],
  stored: ['gptq', 'awq', 'compressed-tensors'],
  tellsStored: false,
};

function plan(order: FamilyOrder): FamilyPlan {
  needGpu(order, 'vLLM');
  const { totalTokens, gpus } = order;
  const source = repository(order, 'vllm', 'vLLM');
  const quantise = quantisation(order, source.repo, WORDS, 'vLLM');
  const { context } = contextPlan(order.model, totalTokens);
  const served = servedName(order.model);
  const command = ['--model', source.repo, '--served-model-name', served];
  command.push('--host', '0.0.0.0', '--port', String(INNER_PORT), '--max-model-len', String(context));
  // The repository's own sampling defaults would be used without a word.
  command.push('--gpu-memory-utilization', CARD_SHARE, '--generation-config', 'vllm');
  if (quantise.value !== undefined) command.push('--quantization', quantise.value);
  if (gpus.length > 1) command.push('--tensor-parallel-size', String(gpus.length));
  const pool = totalTokens === undefined ? [] : [SAY.poolIsCards(totalTokens)];
  return {
    served,
    context,
    notices: [...source.notices, ...quantise.notices, ...pool],
    steps: [],
    fetch: ['python3', '-c', SNAPSHOT, source.repo],
    service: {
      image: order.image ?? IMAGE,
      command,
      environment: { VLLM_NO_USAGE_STATS: '1', ...secrets(order, 'VLLM_API_KEY') },
      mounts: [
        { from: { volume: 'llm-hub' }, to: '/root/.cache/huggingface' },
        // Compiled graphs: without them every start compiles anew.
        { from: { volume: 'llm-vllm' }, to: '/root/.cache/vllm' },
      ],
      health: { test: ['CMD', 'curl', '-fsS', `http://127.0.0.1:${INNER_PORT}/health`], startPeriod: '900s' },
      memory: '12g',
      shm: '1gb',
      readOnly: false,
    },
  };
}

/** `/v1/models` lists something. */
function listsModel(status: number, body: unknown): boolean {
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined;
  return status === 200 && Array.isArray(data) && data.length > 0;
}

export const vllm: Family = {
  name: 'vllm',
  health: '/health',
  // Its health is well as long as its process lives.
  readiness: { path: '/v1/models', isReady: listsModel },
  takesKey: true,
  metrics: {
    path: '/metrics',
    running: 'vllm:num_requests_running',
    waiting: 'vllm:num_requests_waiting',
    promptTokens: 'vllm:prompt_tokens_total',
    outputTokens: 'vllm:generation_tokens_total',
    kvUse: 'vllm:kv_cache_usage_perc',
  },
  phases: [
    { phase: 'download', pattern: /Starting to load model/ },
    { phase: 'load', pattern: /Loading safetensors checkpoint|Loading weights took/ },
    { phase: 'warm-up', pattern: /Capturing CUDA graph|torch\.compile/ },
    { phase: 'ready', pattern: /Application startup complete/ },
  ],
  plan,
};
