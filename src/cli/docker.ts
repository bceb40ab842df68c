import { DEFAULT_LLM, DEFAULT_REDIS } from '../engines/compose/names.js';
import { type RunTool, toolRunner } from '../engines/compose/run-tool.js';
import type { Context } from './context.js';

/** Programs of this machine with this call's settings, interrupted with it. */
export function toolsOf({ childEnv, signal }: Pick<Context, 'childEnv' | 'signal'>): RunTool {
  return toolRunner(childEnv, signal);
}

/** The names of the engine's container and of the Redis beside it. */
export function containerNames({ settings }: Pick<Context, 'settings'>): { llm: string; redis: string } {
  return { llm: settings.llmContainer ?? DEFAULT_LLM, redis: settings.redisContainer ?? DEFAULT_REDIS };
}
