import { type ComposeChoice, mountedFile } from '../engines/compose/choice.js';
import type { ComposeOptions } from './compose-wish.js';
import { parse } from './parse.js';

/** What makes a container again as it was. */
export function optionsAsItWas(choice: ComposeChoice): ComposeOptions {
  return {
    ...madeAs(choice),
    ...{ model: modelBefore(choice), quantize: choice.quantize, totalTokens: tokensOf(choice) },
  };
}

/** The same but for its model. */
export function madeAs({ family, port, env, gpus }: ComposeChoice): ComposeOptions {
  const { LLM_BIND: publish, LLM_MEM_LIMIT: limit } = env;
  return {
    ...{ family, port, publish },
    memory: limit === undefined ? undefined : parse.bytes(limit),
    gpu: gpus.length === 0 ? 'none' : 'auto',
  };
}

export function modelBefore(choice: ComposeChoice): string {
  const { env, asked, model } = choice;
  return mountedFile(choice) ?? (env.MODEL_ID || asked) ?? model;
}

function tokensOf({ env: { MAX_BATCH_TOTAL_TOKENS: tokens } }: ComposeChoice): number | undefined {
  return tokens === undefined ? undefined : Number(tokens);
}
