import { inLanguage } from '../language.js';

/** What the CLI says of containers, as `messages` does of the rest. */
export const containerMessages = inLanguage('cli/container', {
  composeWhy: {
    asked: 'asked for',
    gpu: 'Docker answers and can use an NVIDIA GPU',
    running: 'it already ran',
  },
  uptime: (seconds: number) => {
    const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(
      Math.floor,
    );
    if (days) return `${days} d ${hours} h`;
    return hours ? `${hours} h ${minutes} min` : `${minutes} min`;
  },
  containerRestarts: (count: number) => (count === 1 ? 'restarted once' : `restarted ${count} times`),
  memoryOf: (used: string, limit: string | undefined) => (limit === undefined ? used : `${used} of ${limit}`),
  vramOf: (used: string, total: string, name: string) => `${used} of ${total} on ${name}`,
  offloaded: (onGpu: string, total: string) => `${onGpu} of ${total} on the GPU; the rest on the processor`,
  layers: (count: number) => `${count} layers`,
  contextTimes: (tokens: number, slots: number) => `${tokens} tokens × ${slots}`,
  gpuIdle: (name: string, why: string) => `${name} is there and not used: ${why}`,
  gpuWhy: {
    none: '--gpu none was asked for',
    'no-runtime': 'Docker has no NVIDIA runtime; install nvidia-container-toolkit',
    container: 'the container was started without it: botllm down && botllm up --gpu auto',
  },
  envHead: 'for the shell or the .env of the bot runtime:',
  envRestart: 'docker compose restart passes no new variables; this does: docker compose up -d runtime',
  switched: (model: string, seconds: string) => `${model} serves now; nobody was answered for ${seconds} s`,
  moved: (model: string, seconds: string) =>
    `${model} serves now, on the same port; no connection was taken for ${seconds} s`,
  trying: (model: string, before: string) => `starting ${model} beside ${before}, which goes on answering`,
  oneAtATime: (family: string) => `${family} is not started twice`,
  oldOneLeft: (pid: number) => `the old engine does not end: kill -9 ${pid}`,
  tried: (model: string, before: string) => `${model} comes up; stopping ${before} for it`,
  stoppingFirst: (before: string, why: string) => `${why}, so ${before} is stopped first`,
  noRoomBeside: (what: string, need: string, free: string) =>
    `there is no room for both: ${need} of ${what} are needed and ${free} are free`,
  roomUnknown: (what: string) => `whether both fit into ${what} cannot be told`,
  notReadyBefore: (before: string) => `${before} does not answer`,
  switchStays: (asked: string, before: string) => `${asked} did not come up; ${before} was not touched`,
  rolledBack: (model: string, seconds: string) =>
    `${model} serves again; nobody was answered for ${seconds} s`,
  switchFailed: (asked: string, again: string) => `${asked} did not come up; ${again} serves again`,
  switchSame: (model: string) => `${model} is what already runs`,
  restarted: (model: string, seconds: string) => `${model} is ready again after ${seconds} s`,
  profileNeeds: '--profile, --family, --quantize and --publish are for containers',
  profileNeedsHint: 'botllm up --engine compose …',
  healthLine: (line: string) => `the guide's health check for this family: ${line}`,
  prefixesCold:
    'the first question of each task will be slower: its instructions could not be read in advance',
  dryDownContainers: (names: readonly string[]) => `would stop and remove ${names.join(' and ')}`,
  downContainers: (names: readonly string[]) => `removed ${names.join(' and ')}; the weights stay`,
  noContainer: (name: string) => `There is no container called ${name}`,
  noContainerHint: {
    llm: 'botllm up',
    redis: 'botllm up --engine compose, or its name: REDIS_CONTAINER=…',
    gateway: 'botllm serve',
    runtime: 'its name: BOTLLM_RUNTIME_CONTAINER=…; docker ps shows the names',
  },
  nothingRuns: 'Nothing of botllm runs here',
  logWithoutTimes: 'this log carries no times: --since could leave nothing out',
  redisAt: (url: string) => `${url} (REDIS_URL is that from now on, unless you set it)`,
});
