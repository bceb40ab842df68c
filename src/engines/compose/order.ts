import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import writeFileAtomic from 'write-file-atomic';
import { BotllmError } from '../../errors.js';
import type { ResolvedModel } from '../../models/resolve.js';
import type { HomeLayout } from '../../settings/home.js';
import { composeDocument } from './document.js';
import type { FamilyName, FamilyPlan } from './families/contract.js';
import { SAY } from './messages.js';
import { planContainer } from './plan.js';
import { type ProfileName, recipe } from './profiles.js';

/** Everything that `up --engine compose` was told, by options and settings. */
export interface ComposeWish {
  family: FamilyName;
  model?: ResolvedModel | undefined;
  /** As it was written. */
  asked?: string | undefined;
  quantize?: string | undefined;
  totalTokens?: number | undefined;
  profile?: ProfileName | undefined;
  /** Ids of the GPUs to give it. */
  gpus: readonly string[];
  hfToken: boolean;
  hfEndpoint?: string | undefined;
  apiKey: boolean;
  bind: string;
  port: number;
  /** As Docker writes it. */
  memory?: string | undefined;
  image?: string | undefined;
  redisImage?: string | undefined;
  container: string;
  redisContainer: string;
  redisPort: number;
  network: string;
  runtime?: string | undefined;
  volume?: string | undefined;
  weights?: string | undefined;
  /** What somebody said, for a container that already runs: the rest may be as it is. */
  explicit: {
    family?: FamilyName | undefined;
    port?: number | undefined;
    bind?: string | undefined;
    memoryBytes?: number | undefined;
    gpu?: 'auto' | 'none' | 'all' | undefined;
  };
}

/** What Compose is to be called with. */
export interface ComposeOrder {
  files: string[];
  env: Record<string, string>;
  plan: FamilyPlan;
}

const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));
/** The file that works without botllm, too. */
export const SHIPPED_FILE = path.join(PACKAGE, 'docker-compose.llm.yml');
const GPU_OVERLAY = path.join(PACKAGE, 'deploy', 'docker-compose.gpu.yml');
const IN_CONTAINER = '/weights';

/**
 * llama.cpp's container is that of docker-compose.llm.yml, filled in; any other family's is written by its adapter,
 * and Redis comes out of docker-compose.llm.yml for all of them.
 * @throws BotllmError `BAD_CONFIG`, `MODEL_UNAVAILABLE` or `MISSING_PREREQUISITE`, with the reason and what works
 */
export async function orderOf(wish: ComposeWish, layout: HomeLayout): Promise<ComposeOrder> {
  const plan = planContainer(wish);
  const env = common(wish);
  if (wish.family === 'llamacpp') {
    const files = wish.gpus.length > 0 ? [SHIPPED_FILE, GPU_OVERLAY] : [SHIPPED_FILE];
    return { plan, files, env: { ...env, ...guideWords(wish), ...source(wish) } };
  }
  const { container, network, bind, port, memory, gpus } = wish;
  const place = { container, network, bind, port, memory, gpus, volumes: volumePrefix(wish) };
  await mkdir(path.dirname(layout.composeFile), { recursive: true });
  await writeFileAtomic(layout.composeFile, composeDocument(plan.service, place));
  return { plan, files: [layout.composeFile], env };
}

/** Before the names of its volumes; the default keeps what docker-compose.llm.yml has fetched. */
export function volumePrefix({ volume = 'botfactory-llm-weights' }: Pick<ComposeWish, 'volume'>): string {
  return volume.replace(/-llm-weights$/, '');
}

/** What Compose fills its files in with for every service. */
export function common(wish: ComposeWish): Record<string, string> {
  return given({
    LLM_CONTAINER: wish.container,
    REDIS_CONTAINER: wish.redisContainer,
    REDIS_PORT: String(wish.redisPort),
    REDIS_IMAGE: wish.redisImage,
    LLM_NETWORK: wish.network,
    LLM_BIND: wish.bind,
    BOTLLM_PORT: String(wish.port),
    LLM_MEM_LIMIT: wish.memory,
    LLM_IMAGE: wish.image,
    LLM_RUNTIME: wish.runtime,
    LLM_VOLUME: wish.volume,
    LLM_GPU: wish.gpus.length > 0 ? wish.gpus.join(',') : undefined,
    HF_ENDPOINT: wish.hfEndpoint,
  });
}

/** The guide's three variables, which the container itself translates. */
function guideWords(wish: ComposeWish): Record<string, string> {
  const { quantize, totalTokens } = recipe(wish);
  return given({
    QUANTIZE: quantize === '' ? undefined : quantize,
    MAX_BATCH_TOTAL_TOKENS: totalTokens === undefined ? undefined : String(totalTokens),
  });
}

function source(wish: ComposeWish): Record<string, string> {
  const { model } = recipe(wish);
  switch (model.kind) {
    case 'file': {
      const inside = wish.weights !== undefined && model.path.startsWith(`${IN_CONTAINER}/`);
      if (inside) return { MODEL_ID: model.path, LLM_WEIGHTS: wish.weights as string };
      const folder = path.dirname(model.path);
      if (folder.includes(':'))
        throw new BotllmError('BAD_CONFIG', SAY.colonInFolder(folder), { hint: SAY.colonInFolderHint });
      return {
        MODEL_ID: `${IN_CONTAINER}/${path.basename(model.path)}`,
        LLM_WEIGHTS: folder,
      };
    }
    case 'hub': {
      const { repo, file, quantisation } = model;
      const id =
        file === undefined
          ? repo + (quantisation === undefined ? '' : `:${quantisation}`)
          : `${repo}/${file}`;
      return given({ MODEL_ID: id, LLM_WEIGHTS: wish.weights });
    }
    case 'catalogue':
      return given({ MODEL_ID: hubId(model), LLM_WEIGHTS: wish.weights });
    default:
      // planContainer has refused what the container cannot fetch.
      return {};
  }
}

/** The guide's own id where the container's entry knows it, else the GGUF repository. */
function hubId({ entry }: Extract<ResolvedModel, { kind: 'catalogue' }>): string {
  const known = ['phi3-mini', 'gemma-2b', 'qwen2.5-3b'];
  if (known.includes(entry.alias)) return entry.ids[0] ?? entry.alias;
  const gguf = entry.engines?.llamacpp;
  if (gguf === undefined) return entry.alias;
  return gguf.file === undefined ? gguf.repo : `${gguf.repo}/${gguf.file}`;
}

function given(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}
