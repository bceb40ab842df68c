import { dockerMemory, dockerName, gpuIds, image, ipAddress, quantisation } from './container-kinds.js';
import { count, text } from './kinds.js';
import { row } from './row.js';

/** The settings of the engine in a container, most of them variables that docker-compose.llm.yml reads as well. */
export const CONTAINER_SETTINGS = {
  quantize: row({
    name: 'QUANTIZE',
    kind: quantisation,
    defaultText: 'as the model is best served',
    meaning:
      "int4, int8, gptq, or the container family's own word; each is translated for it. `--quantize` wins",
    readBy: 'engine',
  }),
  maxBatchTotalTokens: row({
    name: 'MAX_BATCH_TOTAL_TOKENS',
    kind: count(256, 9_999_999),
    defaultText: 'up to 4 requests of 4096',
    meaning: 'Tokens of all requests at once in a container; one request gets at most 4096 of them',
    readBy: 'engine',
  }),
  llmImage: row({
    name: 'LLM_IMAGE',
    kind: image,
    program: true,
    defaultText: "a pinned build of the family's own",
    meaning: "The container's image. Not from a project's file, nor from `.env`",
    readBy: 'engine',
  }),
  redisImage: row({
    name: 'REDIS_IMAGE',
    kind: image,
    program: true,
    defaultText: 'redis:7.4-alpine',
    meaning: "The image of the Redis beside it. Not from a project's file, nor from `.env`",
    readBy: 'engine',
  }),
  llmNetwork: row({
    name: 'LLM_NETWORK',
    kind: dockerName,
    defaultText: 'botfactory',
    meaning: "The Docker network where the engine is `llm:11434`; the runtime's container joins it",
    readBy: 'engine',
  }),
  llmBind: row({
    name: 'LLM_BIND',
    kind: ipAddress,
    defaultText: '127.0.0.1',
    meaning:
      'The address that the container is published on; another than loopback needs LLM_API_KEY. `--publish` wins',
    readBy: 'engine',
  }),
  llmMemLimit: row({
    name: 'LLM_MEM_LIMIT',
    kind: dockerMemory,
    defaultText: '6g',
    meaning: "The container's bound of memory; `--memory` wins",
    readBy: 'engine',
  }),
  llmRuntime: row({
    name: 'LLM_RUNTIME',
    kind: dockerName,
    program: true,
    defaultText: 'runc',
    meaning: "Docker's runtime of the container. Not from a project's file, nor from `.env`",
    readBy: 'engine',
  }),
  llmGpu: row({
    name: 'LLM_GPU',
    kind: gpuIds,
    defaultText: '0',
    meaning: 'Which NVIDIA cards the container gets, where there are any; `--gpu none` gives it none',
    readBy: 'engine',
  }),
  llmContainer: row({
    name: 'LLM_CONTAINER',
    kind: dockerName,
    defaultText: 'botfactory-llm',
    meaning: "The container's name",
    readBy: 'engine',
  }),
  redisContainer: row({
    name: 'REDIS_CONTAINER',
    kind: dockerName,
    defaultText: 'botfactory-redis',
    meaning: 'The name of the Redis beside it',
    readBy: 'engine',
  }),
  redisPort: row({
    name: 'REDIS_PORT',
    kind: count(1, 65_535),
    defaultText: '6379',
    meaning: 'Its port on 127.0.0.1',
    readBy: 'engine',
  }),
  llmVolume: row({
    name: 'LLM_VOLUME',
    kind: dockerName,
    defaultText: 'botfactory-llm-weights',
    meaning: 'The volume that keeps the weights which the container fetched',
    readBy: 'engine',
  }),
  llmWeights: row({
    name: 'LLM_WEIGHTS',
    kind: text,
    path: 'always',
    defaultText: 'that volume',
    meaning: 'A folder of this machine in its place, for MODEL_ID=/weights/file.gguf',
    readBy: 'engine',
  }),
  runtimeContainer: row({
    name: 'BOTLLM_RUNTIME_CONTAINER',
    kind: dockerName,
    defaultText: 'botfactory-runtime',
    meaning: "The bots' own container, for `logs runtime` and `doctor`",
    readBy: 'cli',
  }),
} as const;
