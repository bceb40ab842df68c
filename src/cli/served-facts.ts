import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ServedFacts } from '../bench/report/schema.js';
import { mountedFile, readChoice } from '../engines/compose/choice.js';
import { readGguf } from '../models/gguf.js';
import type { Served } from './bench-served.js';
import type { Context } from './context.js';

/** What is known of the weights that this home's engine serves; nothing of another's. */
export interface WeightFacts {
  path?: string | undefined;
  bytes?: number | undefined;
  quant?: string | undefined;
  parameters?: number | undefined;
  kvBytesPerToken?: number | undefined;
  /** Random numbers, which say so in the header's name or in the file's: there is nothing else to tell by. */
  random?: boolean;
}

export async function weightFacts(ctx: Context, root: string): Promise<WeightFacts> {
  const state = await ctx.liveEngine();
  const choice = state === null ? await readChoice(ctx.layout) : null;
  if ((state ?? choice)?.endpoint !== root) return {};
  const path = state?.model.path ?? (choice ? mountedFile(choice) : undefined);
  if (path === undefined) return {};
  const [file, header] = await Promise.all([stat(path).catch(() => null), readGguf(path).catch(() => null)]);
  const { quantisation: quant, kvBytesPerToken, name, parameters } = header ?? {};
  const random = /\brandom\b/i.test(`${name ?? ''} ${basename(path)}`);
  return { path, bytes: file?.size, quant, parameters, kvBytesPerToken, random };
}

/** A model where somebody serves it, as a report names it: a figure without its engine and hardware is worth little. */
export function servedFacts({ engine, served, facts }: Served, weights: WeightFacts): ServedFacts {
  const slots = facts.slots ?? engine.slots;
  const context = facts.contextTokens ?? engine.context;
  const quant = engine.container?.weights ?? weights.quant;
  // That it speaks like OpenAI everybody says.
  const spoken = engine.engine === 'remote' && served.dialect !== 'openai' ? served.dialect : undefined;
  const family = engine.container?.family ?? spoken;
  return {
    id: served.model,
    model: served.model,
    engine: engine.engine ?? served.dialect,
    ...(family !== undefined && { family }),
    ...(engine.version !== undefined && { engine_version: engine.version }),
    ...(engine.container && { image: engine.container.image }),
    ...(quant !== undefined && { quant }),
    ...(weights.bytes !== undefined && { weights_bytes: weights.bytes }),
    ...(weights.parameters !== undefined && { parameters: weights.parameters }),
    ...(weights.random && { random_weights: true }),
    ...(context != null && { ctx: context }),
    ...(slots != null && { slots }),
    base_url: withoutPassword(served.root),
    started: false,
    hw: hardwareOf(engine),
  };
}

function hardwareOf({ device, container }: Served['engine']): ServedFacts['hw'] {
  const gpus = container?.gpus ?? [];
  if (device === undefined) return { device: 'unknown', gpu: [...gpus] };
  if (/cpu/i.test(device)) return { device: 'cpu', gpu: [...gpus] };
  // Our own engines say which card it is: `cuda: NVIDIA L4 (29 layers)`.
  return { device: 'gpu', gpu: container ? [...gpus] : [device] };
}

function withoutPassword(root: string): string {
  const url = new URL(root);
  url.password = '';
  url.username = '';
  return url.href.replace(/\/$/, '');
}
