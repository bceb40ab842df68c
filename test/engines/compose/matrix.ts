import { composeDocument, type Place } from '../../../src/engines/compose/document.js';
import type { FamilyName, FamilyPlan } from '../../../src/engines/compose/families/contract.js';
import { type ComposeWish, FAMILIES, planContainer } from '../../../src/engines/compose/plan.js';
import { isBotllmError } from '../../../src/errors.js';
import { resolveModel } from '../../../src/models/resolve.js';

export const FAMILY_NAMES = Object.keys(FAMILIES) as FamilyName[];
export const GUIDE_IDS = [
  'microsoft/Phi-3-mini-4k-instruct',
  'google/gemma-2b-it',
  'Qwen/Qwen2.5-3B-Instruct',
] as const;
export const PLACE: Place = {
  container: 'botfactory-llm',
  network: 'botfactory',
  volumes: 'botfactory',
  bind: '127.0.0.1',
  port: 11_434,
  gpus: [],
};

export const model = (ref: string) => resolveModel(ref, { cwd: '/srv', exists: () => false });

/** A machine with one GPU where the family needs one, and nothing else. */
export function wish(family: FamilyName, more: Partial<ComposeWish> = {}): ComposeWish {
  const gpus = family === 'vllm' || family === 'tgi' ? ['0'] : [];
  return { family, gpus, hfToken: false, apiKey: false, bind: '127.0.0.1', ...more };
}

/** What a user of the guide may ask every family for. */
export const CASES: readonly { name: string; more: Partial<ComposeWish> }[] = [
  { name: 'nothing', more: {} },
  ...GUIDE_IDS.flatMap((id) =>
    ['', 'int4', 'int8', 'gptq'].map((quantize) => ({
      name: `MODEL_ID=${id} QUANTIZE=${quantize}`,
      more: { model: model(id), quantize },
    })),
  ),
  { name: '--profile speed', more: { profile: 'speed' } },
  { name: '--profile quality', more: { profile: 'quality' } },
  { name: '--profile speed with HF_TOKEN', more: { profile: 'speed', hfToken: true } },
  {
    name: '--profile quality --model org/my-model MAX_BATCH_TOTAL_TOKENS=6000',
    more: { profile: 'quality', model: model('org/my-model'), totalTokens: 6_000 },
  },
  { name: 'two GPUs and a key', more: { gpus: ['0', '1'], apiKey: true } },
];

export type Outcome = { plan: FamilyPlan; document: string } | { refused: string };

export function outcome(asked: ComposeWish): Outcome {
  try {
    const plan = planContainer(asked);
    return { plan, document: composeDocument(plan.service, { ...PLACE, gpus: asked.gpus }) };
  } catch (error) {
    if (isBotllmError(error)) return { refused: `${error.code}: ${error.message}` };
    throw error;
  }
}
