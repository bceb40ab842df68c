import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Llama, LlamaLogLevel } from 'node-llama-cpp';
import { type FittingPlan, memoryBudget, roomyPlan } from '../../memory-plan.js';
import type { EngineJob } from '../job.js';
import { type BindingParts, importParts, type UnloadedModel } from './binding-parts.js';
import { type BindingPlace, knownPlace } from './binding-place.js';
import { preflight } from './preflight-run.js';

/** A load that began before the engine's own modules were imported. */
export interface EarlyLoad {
  place: BindingPlace;
  parts: BindingParts;
  llama: Llama;
  model: UnloadedModel;
  plan: FittingPlan;
  /** What llama.cpp said meanwhile: there is no log yet. */
  said: { level: LlamaLogLevel; message: string }[];
  /** Replace it to be told; 0 to 1. */
  onProgress: (progress: number) => void;
  /** How far it is. */
  progress: number;
  /** False: llama.cpp could not load the model. */
  loaded: Promise<boolean>;
  abort: () => void;
}

/** F16 by ggml's number: keys and values as llama.cpp keeps them by default. */
const F16 = 1;

/**
 * Begins to load the weights at once, where that is plainly right: the binding and its binary are those that
 * are known, no GPU takes part, a process of its own has found binary and file sound, and the sum fits by far.
 * The binding's own way (`getLlama`, `loadModel`) does one step after the other, reads the header twice and
 * tries the load three times without weights. Measured until the first token of a 1.4 B model: 1.0 s in place
 * of 1.7 s, where llama-server takes 0.7 s; of a 135 M model 0.65 s, 1.55 s and 0.4 s.
 * @returns undefined where any of this is not so: then the model is loaded the binding's own way, which also
 * finds the words for what is wrong
 */
export async function beginLoad(job: EngineJob): Promise<EarlyLoad | undefined> {
  const place = knownPlace(job.bindingRoot);
  const isPart = /-\d{5}-of-\d{5}\.gguf$/.test(job.model.path);
  if (!place || isPart || job.memoryBytes !== undefined) return undefined;
  // The other process works while the imports keep this one busy.
  const checked = preflight(place.binary, job.model.path);
  const parts = await importParts(place);
  if (job.gpu !== 'none' && !(await parts.getGpuTypesToUseForOption('auto')).every((gpu) => gpu === false))
    return undefined;
  const facts = await checked;
  const { rss } = process.memoryUsage();
  const plan =
    facts &&
    roomyPlan({
      ...facts,
      fileBytes: statSync(job.model.path).size,
      process: rss,
      budget: memoryBudget(rss),
      asked: job,
    });
  return plan && (await startLoading(job, place, parts, plan));
}

async function startLoading(
  job: EngineJob,
  place: BindingPlace,
  parts: BindingParts,
  plan: FittingPlan,
): Promise<EarlyLoad> {
  const said: EarlyLoad['said'] = [];
  const llama = await openLlama(place, parts, said);
  const model = new parts.LlamaModel(
    {
      modelPath: job.model.path,
      gpuLayers: 0,
      useMmap: llama.supportsMmap,
      // Only that there is one counts here.
      loadSignal: new AbortController().signal,
      onLoadProgress: (progress: number) => {
        early.progress = progress;
        early.onProgress(progress);
      },
    },
    {
      _llama: llama,
      _defaultContextFlashAttentionOptionEnabled: 'auto',
      _defaultContextFlashAttention: 'auto',
      _defaultContextSwaFullCache: false,
      _defaultContextKvCacheKeyType: F16,
      _defaultContextKvCacheValueType: F16,
      _flashAttentionSupported: true,
      _loadPercentageShift: 0,
      _loadPercentageMultiplier: 1,
    },
  );
  const early: EarlyLoad = {
    ...{ place, parts, llama, model, plan, said },
    progress: 0,
    onProgress: () => undefined,
    loaded: model._model.init(),
    abort: () => model._model.abortActiveModelLoad(),
  };
  // Whoever finishes the load hears of it; until then nobody listens.
  early.loaded.catch(() => undefined);
  return early;
}

async function openLlama(
  { binary }: BindingPlace,
  { Llama, LlamaLogLevel: levels }: BindingParts,
  said: EarlyLoad['said'],
): Promise<Llama> {
  const metadata = path.join(path.dirname(binary), '_nlcBuildMetadata.json');
  return await Llama._create({
    bindings: createRequire(import.meta.url)(binary),
    bindingPath: binary,
    buildType: 'prebuilt',
    buildMetadata: JSON.parse(readFileSync(metadata, 'utf8')),
    logLevel: levels.warn,
    logger: (level: LlamaLogLevel, message: string) => said.push({ level, message }),
    vramPadding: 0,
    ramPadding: 0,
    debug: false,
    numa: false,
    tempDir: false,
  });
}
