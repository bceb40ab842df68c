import { type RunTool, toolRunner } from '../engines/compose/run-tool.js';
import type { Context } from './context.js';

/** Programs of this machine with this call's settings, interrupted with it. */
export function toolsOf({ childEnv, signal }: Pick<Context, 'childEnv' | 'signal'>): RunTool {
  return toolRunner(childEnv, signal);
}
