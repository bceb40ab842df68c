import path from 'node:path';
import { CATALOGUE, findEntry } from '../../models/catalogue.js';
import type { ComposeChoice } from './choice.js';
import type { Container } from './container.js';
import type { FamilyName } from './families/contract.js';
import { INNER_PORT } from './families/contract.js';
import { SAY } from './messages.js';
import { type ComposeWish, SHIPPED_FILE } from './order.js';

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
  return `http://${bind === '0.0.0.0' || bind === '[::]' ? '127.0.0.1' : bind}:${port}`;
}

/** A choice out of what runs: the guide's own line, or another program of ours, started it. */
export function adopt(found: Container, wish: ComposeWish): ComposeChoice {
  const place = found.published.find(({ inner }) => inner === INNER_PORT) ?? found.published[0];
  const port = place?.port ?? wish.port;
  const address = place?.host || '0.0.0.0';
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
    endpoint: endpointOf(address.includes(':') ? `[${address}]` : address, port),
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
  const differs = (name: string, asked: string | undefined, runs: string | undefined) => {
    if (asked !== undefined && asked !== (runs ?? ''))
      differences.push(SAY.otherSetting(name, runs || 'default', asked));
  };
  if (wish.asked !== undefined && has.MODEL_ID !== undefined && !sameModel(wish.asked, has.MODEL_ID))
    differs('model', wish.asked, has.MODEL_ID);
  differs('QUANTIZE', wish.quantize, has.QUANTIZE);
  differs('MAX_BATCH_TOTAL_TOKENS', wish.totalTokens?.toString(), has.MAX_BATCH_TOTAL_TOKENS);
  return differences;
}

/** An alias, an id, or the file that is mounted under its own name. */
function sameModel(asked: string, runs: string): boolean {
  const entry = findEntry(CATALOGUE, asked);
  const names = entry ? [entry.alias, ...entry.ids] : [asked];
  return (
    names.some((name) => name.toLowerCase() === runs.toLowerCase()) ||
    path.basename(asked) === path.basename(runs)
  );
}

/** The name under which it answers: that of the compose file's entry. */
function modelOf({ env }: Container): string {
  const id = env.MODEL_ID || 'microsoft/Phi-3-mini-4k-instruct';
  return id.startsWith('/') ? path.basename(id, '.gguf') : id;
}

const OURS = ['MODEL_ID', 'QUANTIZE', 'MAX_BATCH_TOTAL_TOKENS', 'HF_ENDPOINT', 'LLM_BIND'];

/** Not its secrets. */
function wordsOf({ env, name, published }: Container): Record<string, string> {
  const words = Object.entries(env).filter(([key, value]) => OURS.includes(key) && value !== '');
  const port = published.find(({ inner }) => inner === INNER_PORT)?.port;
  return {
    ...Object.fromEntries(words),
    LLM_CONTAINER: name,
    ...(port === undefined ? {} : { BOTLLM_PORT: String(port) }),
  };
}
