import type {
  GgufFileInfo,
  GgufInsights,
  Llama,
  LlamaContext,
  LlamaContextOptions,
  LlamaModel,
} from 'node-llama-cpp';
import {
  type FittingPlan,
  type MemoryPlan,
  type MemorySum,
  memoryBudget,
  planMemory,
} from '../../memory-plan.js';
import { messages } from '../../messages.js';
import { PIECE_TOKENS } from '../generate/slot.js';
import type { HealthReply } from '../health-reply.js';
import type { EngineJob } from '../job.js';
import type { Log } from '../log.js';
import { engineMessages } from '../messages.js';
import { StartError } from '../start-error.js';
import { type Binding, type GrammarModule, importBinding, type JinjaModule } from './binding.js';
import { cpuThreads } from './cpu-threads.js';
import { type LlamaLogger, llamaLogger } from './llama-log.js';
import { broken, readModelFile } from './model-file.js';

export interface LoadedModel {
  binding: { module: GrammarModule; jinja: JinjaModule };
  llama: Llama;
  model: LlamaModel;
  context: LlamaContext;
  info: GgufFileInfo;
  insights: GgufInsights;
  contextTokens: number;
  slots: number;
  threads: number;
  device: string;
}

export interface LoadOptions {
  job: EngineJob;
  log: Log;
  signal: AbortSignal;
  onPhase: (phase: HealthReply['phase'], progress?: number) => void;
}

/** Room in a batch for one piece of a prompt and one token of every other slot (job.ts allows 64). */
const BATCH_TOKENS = PIECE_TOKENS + 64;

/**
 * From a path to a model that can be asked: checks, weights, context. Nothing is compiled and nothing is
 * downloaded on the way.
 * @throws StartError with what the launcher shows
 */
export async function loadModel(options: LoadOptions): Promise<LoadedModel> {
  const { job, log, signal, onPhase } = options;
  const binding = await importBinding(job.bindingRoot);
  const logger = llamaLogger(binding.module.LlamaLogLevel, log);
  const llama = await openLlama(binding, job, logger);
  const info = await readModelFile(binding.module, job.model.path);
  const insights = await binding.module.GgufInsights.from(info, llama);
  const plan = await plannedMemory(job, llama, insights);
  if (!plan.fits) throw tooLarge(plan.sum);
  log('info', 'memory_planned', { ...plan.sum });
  signal.throwIfAborted();

  onPhase('load', 0);
  const model = await llama
    .loadModel({
      modelPath: job.model.path,
      loadSignal: signal,
      onLoadProgress: (progress) => onPhase('load', progress),
      ...(llama.gpu === false
        ? {}
        : { gpuLayers: { fitContext: { contextSize: plan.context * plan.slots } } }),
    })
    .catch((error: unknown) => {
      throw loadFailure(error, binding, logger);
    });

  const { context, threads } = await createModelContext({ llama, model, plan, ...options }).catch(
    (error: unknown) => {
      throw loadFailure(error, binding, logger);
    },
  );
  const device = await deviceOf(llama, model);
  return {
    binding,
    llama,
    model,
    context,
    info,
    insights,
    contextTokens: plan.context,
    slots: plan.slots,
    threads,
    device,
  };
}

interface ContextOptions extends Pick<LoadOptions, 'job' | 'signal' | 'onPhase'> {
  llama: Llama;
  model: LlamaModel;
  plan: FittingPlan;
}

/** The context of the plan, with as many threads as there are cores to use. */
export async function createModelContext(
  { llama, model, plan, job, signal, onPhase }: ContextOptions,
  more: LlamaContextOptions = {},
): Promise<{ context: LlamaContext; threads: number }> {
  onPhase('context');
  const threads = job.threads ?? cpuThreads(llama.cpuMathCores);
  // The binding's own limit is at least 4, however few cores there are.
  llama.maxThreads = threads;
  const context = await model.createContext({
    contextSize: plan.context,
    sequences: plan.slots,
    batchSize: BATCH_TOKENS,
    threads,
    // Sliding-window models could not step back to a shared prefix otherwise.
    swaFullCache: true,
    createSignal: signal,
    failedCreationRemedy: false,
    ...more,
  });
  return { context, threads };
}

async function openLlama(binding: Binding, job: EngineJob, logger: LlamaLogger): Promise<Llama> {
  const { LlamaLogLevel, getLlama } = binding.module;
  try {
    return await getLlama({
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      gpu: job.gpu === 'none' ? false : 'auto',
      // Below warnings llama.cpp tells about the prompt's handling; a log of ours holds no prompt.
      logLevel: LlamaLogLevel.warn,
      logger,
    });
  } catch (cause) {
    throw new StartError('MISSING_PREREQUISITE', engineMessages.bindingMissing, {
      detail: cause instanceof Error ? cause.message.split('\n', 1)[0] : undefined,
      hint: engineMessages.bindingHint,
      cause,
    });
  }
}

async function plannedMemory(job: EngineJob, llama: Llama, insights: GgufInsights): Promise<MemoryPlan> {
  const trained = insights.trainContextSize ?? Number.POSITIVE_INFINITY;
  if (job.context !== undefined && job.context > trained) {
    throw new StartError('ENGINE_FAILED', engineMessages.contextOverTrained(job.context, trained), {
      hint: engineMessages.contextOverTrainedHint(trained),
    });
  }
  const gpuLayers = llama.gpu === false ? 0 : insights.totalLayers;
  const vram = llama.gpu === false ? 0 : (await llama.getVramState()).free;
  const { rss } = process.memoryUsage();
  const weights = await insights.estimateModelResourceRequirementsV2({ gpuLayers });
  return await planMemory({
    trained,
    weights: weights.cpuRam + weights.gpuVram,
    process: rss,
    budget: memoryBudget(rss, vram),
    memoryBytes: job.memoryBytes,
    context: job.context,
    slots: job.slots,
    needs: async (tokens, slots) => {
      const need = await insights.estimateContextResourceRequirementsV2({
        contextSize: tokens,
        sequences: slots,
        batchSize: BATCH_TOKENS,
        modelGpuLayers: gpuLayers,
        flashAttention: 'auto',
        swaFullCache: true,
      });
      const total = need.cpuRam + need.gpuVram;
      const kv = Math.min(total, kvBytes(insights, tokens * slots));
      return { kv, buffers: total - kv };
    },
  });
}

/** Keys and values of every layer, two bytes each (f16). Only splits the binding's sum into its parts. */
function kvBytes(insights: GgufInsights, tokens: number): number {
  const { architectureMetadata } = insights.ggufFileInfo;
  const { attention, embedding_length = 0, block_count = 0 } = architectureMetadata;
  const heads = firstOf(attention?.head_count) ?? 1;
  const kvHeads = firstOf(attention?.head_count_kv) ?? heads;
  const keyLength = attention?.key_length ?? embedding_length / heads;
  const valueLength = attention?.value_length ?? embedding_length / heads;
  return tokens * block_count * kvHeads * (keyLength + valueLength) * 2;
}

function firstOf(value: number | number[] | undefined): number | undefined {
  return Array.isArray(value) ? value[0] : value;
}

async function deviceOf(llama: Llama, model: LlamaModel): Promise<string> {
  if (llama.gpu === false || model.gpuLayers === 0) return 'cpu';
  const names = await llama.getGpuDeviceNames();
  return `${llama.gpu}: ${names.join(', ')} (${model.gpuLayers} layers)`;
}

function loadFailure(error: unknown, binding: Binding, { complaint }: LlamaLogger): unknown {
  if (error instanceof Error && error.name === 'AbortError') return error;
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof binding.module.InsufficientMemoryError) return notEnough(detail, error);
  return broken(engineMessages.modelRefused, complaint ?? detail, error);
}

function tooLarge(sum: MemorySum): StartError {
  const hint = sum.asked ? messages.memoryAskedHint : messages.memoryHint;
  const detail = messages.memorySum(sum);
  return new StartError('NOT_ENOUGH_MEMORY', messages.notEnoughMemory, { detail, hint });
}

function notEnough(detail: string, cause?: unknown): StartError {
  return new StartError('NOT_ENOUGH_MEMORY', messages.notEnoughMemory, {
    detail,
    hint: messages.memoryHint,
    cause,
  });
}
