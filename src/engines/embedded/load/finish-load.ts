import { engineMessages } from '../messages.js';
import { jinjaBeside } from './binding.js';
import type { EarlyLoad } from './early-load.js';
import { readHeader } from './header.js';
import { llamaLogger } from './llama-log.js';
import { createModelContext, type LoadedModel, type LoadOptions } from './load-model.js';
import { broken } from './model-file.js';

/**
 * The rest of a load that began before there was a log, a server or a signal.
 * @throws StartError with what the launcher shows; AbortError when it was stopped meanwhile
 */
export async function finishLoad(early: EarlyLoad, options: LoadOptions): Promise<LoadedModel> {
  const { job, log, signal, onPhase } = options;
  const { place, parts, llama, model, plan } = early;
  const logger = llamaLogger(parts.LlamaLogLevel, log);
  for (const { level, message } of early.said) logger(level, message);
  llama.logger = logger;
  log('info', 'memory_planned', { ...plan.sum, roughly: true });
  onPhase('load', early.progress);
  early.onProgress = (progress) => onPhase('load', progress);
  if (signal.aborted) early.abort();
  else signal.addEventListener('abort', early.abort, { once: true });

  const info = await readHeader(parts, job.model.path);
  const insights = await parts.GgufInsights.from(info, llama);
  // The sum is known to fit; the binding would load the model once more, without weights, to find its own.
  const { kv, buffers } = plan.sum;
  insights.estimateContextResourceRequirementsV2 = async () => ({ cpuRam: kv + buffers, gpuVram: 0 });
  model._fileInfo = info;
  model._fileInsights = insights;

  const jinja = jinjaBeside(place.dist);

  const isLoaded = await early.loaded.catch(() => false);
  signal.throwIfAborted();
  if (!isLoaded) throw broken(engineMessages.modelRefused, logger.complaint ?? engineMessages.logSaysMore);
  const { context, threads } = await createModelContext(
    { llama, model, plan, job, signal, onPhase },
    { flashAttention: insights.flashAttentionSupported ? 'auto' : false, ignoreMemorySafetyChecks: true },
  ).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw broken(engineMessages.modelRefused, error instanceof Error ? error.message : String(error), error);
  });
  return {
    ...{ llama, model, context, info, insights, threads },
    binding: { module: parts, jinja },
    contextTokens: plan.context,
    slots: plan.slots,
    device: 'cpu',
  };
}
