import type { PromptConfig } from '../../prompts/prompt-config.js';
import type { Call, Got } from './contract.js';

/** A task through the client, fallback and all, as a bot would ask it. */
export async function completed(config: PromptConfig<unknown>, { llm, options }: Call): Promise<Got> {
  const { data, source, model, error, attempts, latencyMs } = await llm.complete(config, options);
  return { data, source, model, error: error?.code, attempts, latencyMs, config };
}
