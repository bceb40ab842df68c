import type { CommandSpec } from '../define.js';

/**
 * Every command, in the order in which help lists them. Each is loaded when it is called: a command line must not
 * wait for what the other commands need.
 */
const COMMANDS: Readonly<Record<string, () => Promise<CommandSpec>>> = {
  up: async () => (await import('./up.js')).up,
  down: async () => (await import('./down.js')).down,
  restart: async () => (await import('./restart.js')).restart,
  switch: async () => (await import('./switch.js')).switchModel,
  status: async () => (await import('./status.js')).status,
  health: async () => (await import('./health.js')).health,
  logs: async () => (await import('./logs.js')).logs,
  stats: async () => (await import('./stats.js')).stats,
  top: async () => (await import('./top.js')).top,
  metrics: async () => (await import('./metrics.js')).metrics,
  doctor: async () => (await import('./doctor.js')).doctor,
  'support-bundle': async () => (await import('./support-bundle.js')).supportBundle,
  serve: async () => (await import('./serve.js')).serve,
  try: async () => (await import('./try-file.js')).tryFile,
  'try intent': async () => (await import('./try-intent.js')).tryIntent,
  'try validate': async () => (await import('./try-validate.js')).tryValidate,
  'try menu': async () => (await import('./try-menu.js')).tryMenu,
  'try improve': async () => (await import('./try-improve.js')).tryImprove,
  improve: async () => (await import('./improve.js')).improve,
  bench: async () => (await import('./bench.js')).bench,
  'bench capacity': async () => (await import('./bench-capacity.js')).benchCapacity,
  'bench self-test': async () => (await import('./bench-self-test.js')).benchSelfTest,
  'bench compare': async () => (await import('./bench-compare.js')).benchCompare,
  'bench analyse': async () => (await import('./bench-analyse.js')).benchAnalyse,
  eval: async () => (await import('./eval.js')).evaluate,
  chat: async () => (await import('./chat.js')).chat,
  cache: async () => (await import('./cache.js')).cache,
  'cache clear': async () => (await import('./cache-clear.js')).cacheClear,
  limits: async () => (await import('./limits.js')).limits,
  'limits show': async () => (await import('./limits-show.js')).limitsShow,
  'limits reset': async () => (await import('./limits-reset.js')).limitsReset,
  models: async () => (await import('./models.js')).models,
  'models show': async () => (await import('./models-show.js')).modelsShow,
  'models rm': async () => (await import('./models-rm.js')).modelsRm,
  pull: async () => (await import('./pull.js')).pull,
  'config show': async () => (await import('./config-show.js')).configShow,
  'config validate': async () => (await import('./config-validate.js')).configValidate,
  'config init': async () => (await import('./config-init.js')).configInit,
  'config path': async () => (await import('./config-path.js')).configPath,
  completion: async () => (await import('./completion.js')).completion,
};

/**
 * The commands that a command line may mean: those that begin with its first word, else all.
 * @param word the first word of the command line; without it every command is loaded
 */
export function loadCommands(word?: string): Promise<CommandSpec[]> {
  const all = Object.entries(COMMANDS);
  const meant = all.filter(([path]) => path.split(' ')[0] === word);
  return Promise.all((meant.length > 0 ? meant : all).map(([, load]) => load()));
}

/** The words of every command, without loading any. */
export const COMMAND_PATHS: readonly string[] = Object.keys(COMMANDS);
