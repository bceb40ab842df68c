import { contextPlan } from '../context-plan.js';
import type { Family, FamilyOrder, FamilyPlan, StartStep } from './contract.js';
import { ggufPlace, ggufQuantisation } from './gguf.js';
import { cannotServe } from './refuse.js';
import { servedName } from './served-name.js';

const IMAGE = 'ollama/ollama:0.32.15';
/** It is not unloaded between two users. */
const FOR_EVER = -1;

function plan(order: FamilyOrder): FamilyPlan {
  const { quantise, notices } = ggufQuantisation(order.quantize, 'Ollama');
  const model = libraryName(order, quantise);
  const { context, slots } = contextPlan(order.model, order.totalTokens);
  const served = servedName(order.model);
  return {
    served,
    context,
    slots,
    notices,
    steps: steps(model, served),
    service: {
      image: order.image ?? IMAGE,
      command: [],
      environment: {
        OLLAMA_CONTEXT_LENGTH: String(context),
        OLLAMA_NUM_PARALLEL: String(slots),
        OLLAMA_KEEP_ALIVE: String(FOR_EVER),
        OLLAMA_NO_CLOUD: '1',
      },
      mounts: [{ from: { volume: 'llm-ollama' }, to: '/root/.ollama' }],
      // The image has neither curl nor wget.
      health: { test: ['CMD', 'ollama', 'list'], startPeriod: '30s' },
      memory: '6g',
      readOnly: false,
    },
  };
}

/** Nothing is loaded at its start: the model is fetched, named as clients name it, and kept in memory. */
function steps(model: string, served: string): StartStep[] {
  return [
    { path: '/api/pull', body: { model, stream: true } },
    { path: '/api/copy', body: { source: model, destination: served } },
    { path: '/api/generate', body: { model: served, keep_alive: FOR_EVER } },
  ];
}

/** It takes any GGUF repository of the hub by `hf.co/<repository>:<quantisation>`, and no single file of one. */
function libraryName({ model }: FamilyOrder, quantise: string | undefined): string {
  const place = ggufPlace(model, quantise);
  if (place === undefined || 'file' in place) throw cannotServe(model, 'Ollama');
  return place.quantise === undefined ? `hf.co/${place.repo}` : `hf.co/${place.repo}:${place.quantise}`;
}

/** `/api/ps` lists a model: its `GET /` is well before there is one. */
function hasLoaded(status: number, body: unknown): boolean {
  const models = typeof body === 'object' && body !== null && 'models' in body ? body.models : undefined;
  return status === 200 && Array.isArray(models) && models.length > 0;
}

export const ollama: Family = {
  name: 'ollama',
  // The guide's /health is 404 there.
  health: '/',
  readiness: { path: '/api/ps', isReady: hasLoaded },
  takesKey: false,
  // The answer to /api/pull tells the download.
  phases: [{ phase: 'load', pattern: /Listening on/ }],
  plan,
};
