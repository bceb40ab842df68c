import { inLanguage } from '../../language.js';

/** Every sentence of the container engines that a person reads. */
export const SAY = inLanguage('engines/compose', {
  quantise: (asked: string, taken: string) => `QUANTIZE=${asked} → ${taken}`,
  quantiseByRepository: (asked: string, repo: string) =>
    `QUANTIZE=${asked}: ${repo} is stored so, nothing is passed on`,
  nearestQuantise: (asked: string, taken: string, repo: string) =>
    `QUANTIZE=${asked} → ${taken} (${repo} is not stored as ${asked}, and this is the nearest to it)`,
  notStoredSo: (asked: string, repo: string) =>
    `QUANTIZE=${asked} needs a repository that is stored so, and ${repo} is not`,
  notStoredSoHint: 'QUANTIZE=int4 quantises while it loads; or name a repository such as org/model-GPTQ',
  unknownQuantise: (asked: string, family: string) => `QUANTIZE=${asked} is unknown to ${family}`,
  quantiseHint: (names: string) => `QUANTIZE= one of ${names}`,
  needsGpu: (family: string) => `${family} needs an NVIDIA GPU, and there is none for it`,
  needsGpuHint: '--family llamacpp runs on a processor',
  notThisFamily: (model: string, family: string) => `${family} cannot serve ${model}`,
  notThisFamilyHint: '--family llamacpp, or another model: botllm models',
  otherFormat:
    'llama.cpp and Ollama load GGUF and nothing else; vLLM and TGI load whole repositories, and no GGUF',
  fetchFirst: (model: string) => `A container cannot fetch ${model} by itself`,
  fetchFirstHint: (model: string) => `botllm pull ${model}, then --model with the path of the file`,
  gated: (repo: string) => `${repo} is gated: the hub wants its terms accepted, and a token`,
  gatedHint: 'HF_TOKEN=hf_… of an account that has accepted them, or --family llamacpp',
  ungated: (repo: string, copy: string) =>
    `${repo} is gated and there is no HF_TOKEN: taking the free copy ${copy}, to which the same terms apply`,
  archived: 'text-generation-inference is archived by its makers since March 2026: no fix comes any more',
  poolIsCards: (total: number) =>
    `MAX_BATCH_TOTAL_TOKENS=${total}: vLLM fits its pool to the card; it bounds one request here`,
  poolIgnored: (total: number) =>
    `MAX_BATCH_TOTAL_TOKENS=${total}: TGI takes it for models without flash attention only`,
  profile: (profile: string, recipe: string) => `--profile ${profile}: ${recipe}`,
  tooFewTokens: (total: number) =>
    `MAX_BATCH_TOTAL_TOKENS=${total} is no number of tokens that can be served`,
  tooFewTokensHint: (least: number, most: number) => `a whole number from ${least} to ${most}`,
  openWithoutKey: (address: string) => `${address} would open the model to other machines without a key`,
  openWithoutKeyHint: 'LLM_API_KEY=… botllm up --publish …, or leave it on 127.0.0.1',
  noKeyThere: (family: string) => `${family} asks nobody for a key, so it stays on 127.0.0.1`,
  noKeyThereHint: 'botllm serve puts a key in front of it',
  otherName: (container: string) => `The container ${container} of this home runs`,
  redisWantsPassword: (name: string) =>
    `the Redis in ${name} asks for a password: REDIS_URL=redis://:…@127.0.0.1:6379 uses it`,
  processRuns: (engine: string) => `The ${engine} engine of this home runs`,
  noGpuDriver: 'Docker cannot hand the GPU to a container',
  noGpuDriverHint:
    'install nvidia-container-toolkit, then: sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker; or botllm up --gpu none',
  portTakenAt: (port: number) => `Port ${port} is taken`,
  portOf: (owner: string) => `It answers as: ${owner}`,
  byContainer: (name: string) => `the container ${name}`,
  portTakenAtHint: (port: number) =>
    `botllm up --engine compose --port ${port + 1}, or stop the other program`,
  redisPortTaken: (port: number, owner: string) =>
    `port ${port} is taken by ${owner}, so no Redis is started beside the engine; REDIS_URL=redis://127.0.0.1:${port} uses that one, REDIS_PORT=… starts one elsewhere`,
  notOwnAddress: (address: string) => `${address} is no address of this machine`,
  notOwnAddressHint: (own: string) => `--publish with one of ${own}, or 0.0.0.0 for all`,
  containerHasNo: (option: string) => `A container has no ${option}`,
  containerHasNoHint: {
    context: 'MAX_BATCH_TOTAL_TOKENS=4096 botllm up --engine compose',
    slots: 'MAX_BATCH_TOTAL_TOKENS=16384 botllm up --engine compose',
    idleTimeout: 'botllm down',
    foreground: 'botllm up --engine compose && botllm logs -f',
  },
  foreignRecord: (name: string) => `The record names the container ${name}, which is no engine of botllm`,
  foreignRecordHint: (name: string) =>
    `docker inspect ${name}; if it is yours: docker rm -f ${name} && botllm down`,
  doesNotStop: (name: string) => `The container ${name} does not stop`,
  goesWhenStopped: (name: string) =>
    `The container ${name} was started with --rm: it would be removed when it is stopped`,
  goesWhenStoppedHint: 'measure beside it, without --stop-running, or start it without --rm',
  portTaken: 'The port is taken',
  portTakenHint: 'botllm up --port 11435, or stop the other program',
  colonInFolder: (folder: string) => `Docker cannot mount ${folder}: there is a colon in its name`,
  colonInFolderHint: 'move the model, or rename the folder',
  nameTaken: 'A container of that name is there already, of another project',
  nameTakenHint: 'docker ps -a; docker rm it, or another name: LLM_CONTAINER=… botllm up --engine compose',
  noRuntime: 'Docker does not know the runtime that LLM_RUNTIME names',
  noRuntimeHint: 'docker info names those it has; or leave LLM_RUNTIME unset',
  noImage: 'The image could not be fetched',
  noImageHint:
    'check the network, or name an image that is here: LLM_IMAGE=… botllm up (docker images lists them)',
  composeFailed: 'Docker Compose could not start the container',
  composeFailedHint: 'botllm doctor',
  gone: (name: string) => `The container ${name} is gone`,
  ended: (name: string, how: string) => `The container ${name} ended before it was ready (${how})`,
  loops: (name: string, count: number) =>
    `The container ${name} ends and is restarted again and again (${count} times)`,
  paused: (name: string) => `The container ${name} is paused`,
  pausedHint: (name: string) => `docker unpause ${name}`,
  refused: 'The container refused its settings',
  refusedHint: 'botllm up with another --model or --quantize; botllm models lists what is known',
  outOfMemory: 'The model needs more memory than the container may take',
  outOfMemoryDetail: (limit: string) => `the bound is ${limit}`,
  outOfMemoryHint: 'botllm up --memory 8g, or a smaller --model',
  gatedAtHub: 'The hub does not let the container fetch the model',
  foreignContainer: (name: string) => `A container called ${name} exists that Compose did not make`,
  foreignContainerHint: (name: string) => `docker rm ${name}, or another name: LLM_CONTAINER=… botllm up`,
  otherModelRuns: (asked: string, runs: string) => `The container runs ${runs}, and ${asked} was asked for`,
  otherModelRunsHint: (asked: string) => `botllm switch ${asked}`,
  otherSetting: (name: string, has: string, asked: string) => `${name}: ${has} runs, ${asked} asked for`,
  adopted: (name: string) => `the container ${name} already ran; taking it as it is`,
  oldCompose: 'docker-compose 1.29 cannot recreate a container that a newer Docker made: removing it first',
  generatedOnly: 'TGI is archived: its configuration was written and nothing was started',
  generatedOnlyHint: (file: string) => `docker compose -f ${file} up -d llm; or: --family vllm`,
  notListed: 'The engine answers but lists no model',
  stepFailed: (path: string) => `The engine refused ${path}`,
  stepFailedHint: 'botllm logs; check the name of the model and the network',
  noToken: 'The engine is up but could not make a token',
  fetchFailed: 'The weights could not be fetched',
  fetchFailedHint:
    'check the name of the model and the network; botllm down && botllm up --model … has the engine fetch them itself',
  redisReused: (name: string) => `using the Redis that runs in ${name}`,
  redisUnreachable: (name: string) =>
    `${name} publishes no port on this machine: its Redis cannot be used from here`,
  redisNotUp: 'Redis did not come up in its container',
  redisNotUpHint: 'botllm logs redis, or botllm up --redis none',
});
