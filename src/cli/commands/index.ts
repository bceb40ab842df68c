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
