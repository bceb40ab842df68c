import type { CommandSpec } from '../define.js';
import { bench } from './bench.js';
import { benchCapacity } from './bench-capacity.js';
import { benchCompare } from './bench-compare.js';
import { benchSelfTest } from './bench-self-test.js';
import { cache } from './cache.js';
import { cacheClear } from './cache-clear.js';
import { configInit } from './config-init.js';
import { configPath } from './config-path.js';
import { configShow } from './config-show.js';
import { configValidate } from './config-validate.js';
import { doctor } from './doctor.js';
import { down } from './down.js';
import { evaluate } from './eval.js';
import { health } from './health.js';
import { improve } from './improve.js';
import { limits } from './limits.js';
import { limitsReset } from './limits-reset.js';
import { limitsShow } from './limits-show.js';
import { logs } from './logs.js';
import { metrics } from './metrics.js';
import { models } from './models.js';
import { modelsRm } from './models-rm.js';
import { modelsShow } from './models-show.js';
import { pull } from './pull.js';
import { restart } from './restart.js';
import { serve } from './serve.js';
import { stats } from './stats.js';
import { status } from './status.js';
import { supportBundle } from './support-bundle.js';
import { switchModel } from './switch.js';
import { tryFile } from './try-file.js';
import { tryImprove } from './try-improve.js';
import { tryIntent } from './try-intent.js';
import { tryMenu } from './try-menu.js';
import { tryValidate } from './try-validate.js';
import { up } from './up.js';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly CommandSpec[] = [
  up,
  down,
  restart,
  switchModel,
  status,
  health,
  logs,
  stats,
  metrics,
  doctor,
  supportBundle,
  serve,
  tryFile,
  tryIntent,
  tryValidate,
  tryMenu,
  tryImprove,
  improve,
  bench,
  benchCapacity,
  benchSelfTest,
  benchCompare,
  evaluate,
  cache,
  cacheClear,
  limits,
  limitsShow,
  limitsReset,
  models,
  modelsShow,
  modelsRm,
  pull,
  configShow,
  configValidate,
  configInit,
  configPath,
];

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
  doctor: async () => (await import('./doctor.js')).doctor,
  'support-bundle': async () => (await import('./support-bundle.js')).supportBundle,
  serve: async () => (await import('./serve.js')).serve,
  try: async () => (await import('./try-file.js')).tryFile,
  'try intent': async () => (await import('./try-intent.js')).tryIntent,
  'try validate': async () => (await import('./try-validate.js')).tryValidate,
  'try menu': async () => (await import('./try-menu.js')).tryMenu,
  'try improve': async () => (await import('./try-improve.js')).tryImprove,
  bench: async () => (await import('./bench.js')).bench,
  'bench capacity': async () => (await import('./bench-capacity.js')).benchCapacity,
  'bench self-test': async () => (await import('./bench-self-test.js')).benchSelfTest,
  'bench compare': async () => (await import('./bench-compare.js')).benchCompare,
  eval: async () => (await import('./eval.js')).evaluate,
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
