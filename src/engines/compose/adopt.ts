import path from 'node:path';
import { CATALOGUE, findEntry } from '../../models/catalogue.js';
import type { ComposeChoice } from './choice.js';
import type { Container, Publication } from './container.js';
import type { FamilyName } from './families/contract.js';
import { INNER_PORT } from './families/contract.js';
import { servedName } from './families/served-name.js';
import { SAY } from './messages.js';
import { type ComposeWish, SHIPPED_FILE } from './order.js';
import { recipe } from './profiles.js';

/** What an image's name says of its family; a build of one's own counts as llama.cpp, the default. */
const IMAGES: readonly (readonly [RegExp, FamilyName])[] = [
  [/vllm/i, 'vllm'],
  [/text-generation-inference/i, 'tgi'],
  [/ollama/i, 'ollama'],
];

export function familyOf({ image }: Pick<Container, 'image'>): FamilyName {
  return IMAGES.find(([pattern]) => pattern.test(image))?.[1] ?? 'llamacpp';
}

export function endpointOf(bind: string, port: number): string {
  // What Docker publishes on [::] answers to IPv6 alone.
  const loopback = { '0.0.0.0': '127.0.0.1', '[::]': '[::1]' }[bind];
  return `http://${loopback ?? bind}:${port}`;
}

function placeOf({ published }: Container): Publication | undefined {
  return published.find(({ inner }) => inner === INNER_PORT) ?? published[0];
}

/** As Docker writes an address in a port; '' means every one. */
function bindOf(host: string): string {
  if (host === '') return '0.0.0.0';
  return host.includes(':') ? `[${host}]` : host;
}

/** A choice out of what runs: the guide's own line, or another program of ours, started it. */
export function adopt(found: Container, wish: ComposeWish): ComposeChoice {
  const place = placeOf(found);
  const port = place?.port ?? wish.port;
  const family = familyOf(found);
  const files =
    found.labels['com.docker.compose.project.config_files']
      ?.split(',')
      .filter((file) => path.isAbsolute(file)) ?? [];
  return {
    ...{ schema: 1, engine: 'compose', family, container: found.name },
    project: found.labels['com.docker.compose.project'] ?? 'botllm',
    files: files.length > 0 ? files : [SHIPPED_FILE],
    env: wordsOf(found),
    endpoint: endpointOf(bindOf(place?.host ?? ''), port),
    port,
    model: modelOf(found),
    ...(found.env.QUANTIZE ? { quantize: found.env.QUANTIZE } : {}),
    gpus: found.gpu ? [wish.gpus[0] ?? '0'] : [],
    adopted: true,
    redis: null,
    startedAt: found.startedAt,
  };
}

/** What a running container was started with and this call asks otherwise, in words. */
export function differencesOf(found: Container, wish: ComposeWish): string[] {
  const has = found.env;
  const differences: string[] = [];
  const place = placeOf(found);
  const differs = (name: string, asked: string | undefined, runs: string | undefined) => {
    if (asked !== undefined && asked !== (runs ?? ''))
      differences.push(SAY.otherSetting(name, runs || 'default', asked));
  };
  if (has.MODEL_ID !== undefined && !servesModel(found, has.MODEL_ID, wish))
    differs('model', wish.asked ?? servedName(recipe(wish).model), has.MODEL_ID);
  differs('QUANTIZE', wish.profile === undefined ? wish.quantize : recipe(wish).quantize, has.QUANTIZE);
  differs('MAX_BATCH_TOTAL_TOKENS', wish.totalTokens?.toString(), has.MAX_BATCH_TOTAL_TOKENS);
  const { explicit } = wish;
  differs('family', explicit.family, familyOf(found));
  differs('port', explicit.port?.toString(), place?.port.toString());
  differs('address', explicit.bind, place && bindOf(place.host));
  differs('memory', explicit.memoryBytes?.toString(), found.memoryLimit.toString());
  if (explicit.gpu === 'none' || explicit.gpu === 'all')
    differs('gpu', explicit.gpu === 'all' ? 'used' : 'none', found.gpu ? 'used' : 'none');
  return differences;
}

/** Whether the model that a container was started with is the one that is wanted, or none is. */
function servesModel({ folders }: Container, runs: string, wish: ComposeWish): boolean {
  if (wish.asked === undefined && wish.profile === undefined) return true;
  const { model } = recipe(wish);
  if (model.kind !== 'file') return sameModel(wish.asked ?? servedName(model), runs);
  const folder = folders[path.posix.dirname(runs)];
  // A file is meant by its place on the host, or, in a volume, by the one inside.
  return (
    model.path === runs || (folder !== undefined && model.path === path.join(folder, path.basename(runs)))
  );
}

/** An alias and the ids that it stands for are one model. */
export function sameModel(asked: string, runs: string): boolean {
  const names = (name: string) => findEntry(CATALOGUE, name)?.alias ?? name.toLowerCase();
  return names(asked) === names(runs);
}

/** The name under which it answers: that of the compose file's entry. */
function modelOf({ env }: Container): string {
  const id = env.MODEL_ID || 'microsoft/Phi-3-mini-4k-instruct';
  return id.startsWith('/') ? path.basename(id, '.gguf') : id;
}

const OURS = ['MODEL_ID', 'QUANTIZE', 'MAX_BATCH_TOTAL_TOKENS', 'HF_ENDPOINT', 'LLM_BIND'];

/** Not its secrets. */
function wordsOf({ env, name, published, folders, memoryLimit }: Container): Record<string, string> {
  const words = Object.entries(env).filter(([key, value]) => OURS.includes(key) && value !== '');
  const port = published.find(({ inner }) => inner === INNER_PORT)?.port;
  return {
    ...Object.fromEntries(words),
    LLM_CONTAINER: name,
    ...(folders['/weights'] === undefined ? {} : { LLM_WEIGHTS: folders['/weights'] }),
    ...(port === undefined ? {} : { BOTLLM_PORT: String(port) }),
    ...(memoryLimit === 0 ? {} : { LLM_MEM_LIMIT: `${memoryLimit}b` }),
  };
}
