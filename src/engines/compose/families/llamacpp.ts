import path from 'node:path';
import { type ServerModel, serverCommand } from '../../native/args.js';
import { contextPlan } from '../context-plan.js';
import { type Family, type FamilyOrder, type FamilyPlan, INNER_PORT, type Mount } from './contract.js';
import { ggufPlace, ggufQuantisation } from './gguf.js';
import { cannotServe } from './refuse.js';
import { secrets } from './secrets.js';
import { servedName } from './served-name.js';

/** Builds that their makers published; their rolling tags have been broken (b9282). */
const CPU_IMAGE = 'ghcr.io/ggml-org/llama.cpp:server-b9300';
const CUDA_IMAGE = 'ghcr.io/ggml-org/llama.cpp:server-cuda-b9300';
const WEIGHTS = '/weights';
/** Where a folder of the host with a model file is mounted. */
const MODELS = '/models';

function plan(order: FamilyOrder): FamilyPlan {
  const { quantise, notices } = ggufQuantisation(order.quantize, 'llama.cpp');
  const { model, mounts } = source(order, quantise);
  const { context, slots } = contextPlan(order.model, order.totalTokens);
  const served = servedName(order.model);
  const { args, env } = serverCommand({
    model,
    name: served,
    host: '0.0.0.0',
    port: INNER_PORT,
    context,
    slots,
    // It fits to the card by itself, and leaves on the processor what does not.
    gpu: 'auto',
    thinking: false,
  });
  // Docker rotates the log, and its lines are how an operator watches the start.
  const { LLAMA_ARG_LOG_VERBOSITY: _, ...settings } = env;
  const cuda = order.gpus.length > 0;
  return {
    served,
    context,
    slots,
    notices,
    steps: [],
    service: {
      image: order.image ?? (cuda ? CUDA_IMAGE : CPU_IMAGE),
      command: args,
      environment: {
        ...settings,
        LLAMA_CACHE: WEIGHTS,
        // The root is read-only: compiled kernels are kept beside the weights.
        ...(cuda ? { CUDA_CACHE_PATH: `${WEIGHTS}/.cuda` } : {}),
        ...secrets(order, 'LLAMA_API_KEY'),
      },
      mounts,
      health: { test: ['CMD', 'curl', '-fsS', `http://127.0.0.1:${INNER_PORT}/health`], startPeriod: '900s' },
      memory: '6g',
      readOnly: true,
    },
  };
}

/** The model as the server in the container finds it. */
function source(order: FamilyOrder, quantise: string | undefined): { model: ServerModel; mounts: Mount[] } {
  const weights: Mount = { from: { volume: 'llm-weights' }, to: WEIGHTS };
  const { model } = order;
  if (model.kind === 'file') {
    const folder: Mount = { from: { folder: path.dirname(model.path) }, to: MODELS };
    return { model: { path: `${MODELS}/${path.basename(model.path)}` }, mounts: [weights, folder] };
  }
  const place = ggufPlace(model, quantise);
  if (place === undefined) throw cannotServe(model, 'llama.cpp');
  return { model: place, mounts: [weights] };
}

export const llamacpp: Family = {
  name: 'llamacpp',
  health: '/health',
  readiness: { path: '/health', isReady: (status) => status === 200 },
  takesKey: true,
  metrics: {
    path: '/metrics',
    running: 'llamacpp:requests_processing',
    waiting: 'llamacpp:requests_deferred',
    promptTokens: 'llamacpp:prompt_tokens_total',
    outputTokens: 'llamacpp:tokens_predicted_total',
  },
  // It fetches before it loads, without a word of it.
  phases: [
    { phase: 'download', pattern: /llama_server: initializing/ },
    { phase: 'load', pattern: /load_model: loading model/ },
    { phase: 'warm-up', pattern: /load_model: initializing, n_slots/ },
    { phase: 'ready', pattern: /listening on http/ },
  ],
  plan,
};
