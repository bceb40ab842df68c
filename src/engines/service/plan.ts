import path from 'node:path';
import { BotllmError } from '../../errors.js';
import type { HomeLayout } from '../../settings/home.js';
import type { Env } from '../../settings/read.js';
import { withoutSecrets } from '../spawn.js';
import { DEFAULT_PORT, type UpRequest } from '../started-with.js';
import type { EngineKind } from '../state.js';
import { serviceMessages } from './messages.js';

/** The variable by which `up --foreground` knows that a service manager runs it, and under which name. */
export const SERVICE_VARIABLE = 'BOTLLM_SERVICE';

/** In every unit, and English always: it tells for which home a file was written. */
export const writtenFor = (home: string) =>
  `Written by botllm up --service for ${home}; botllm down --service removes it.`;

/** One command line that a service manager of this user keeps running. No secret is in it: its file can be read. */
export interface ServicePlan {
  /** The home whose engine it runs. */
  home: string;
  /** Absolute. */
  program: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

export interface PlanContext {
  layout: HomeLayout;
  /** Of the shell that asks. */
  env: Env;
  /** Node, and botllm's own file that it runs. */
  program: string;
  entry: string;
  /** What the unit is called. */
  name: string;
}

/** What a plan has to know of the weights. */
export interface PlannedModel {
  name: string;
  path: string;
  standIn: boolean;
  /** Whether the catalogue knows it by its name. */
  isKnown: boolean;
}

/** What an engine finds its libraries and cards by. */
const PASSED_ON = /^(PATH|(DY)?LD_LIBRARY_PATH|(CUDA|HIP|ROCR)_VISIBLE_DEVICES|GGML_\w+)$/;

/**
 * The command line with every choice made: a manager's environment is not the shell's, and another folder's
 * settings are not read there.
 * @param binary the llama-server of a native engine
 * @throws BotllmError `BAD_CONFIG` where a path or a variable has a line break, which no unit can hold
 */
export function servicePlan(
  request: UpRequest,
  { engine, binary, model }: { engine: EngineKind; binary?: string | undefined; model: PlannedModel },
  { layout, env, program, entry, name }: PlanContext,
): ServicePlan {
  const { gpu, context, slots, memoryBytes, port = DEFAULT_PORT } = request;
  const options: Record<string, unknown> = {
    engine,
    // A stand-in makes room for the default as soon as that is here.
    model: model.standIn ? undefined : model.isKnown ? model.name : model.path,
    gpu,
    memory: memoryBytes,
    context,
    slots,
    port,
  };
  const home = path.resolve(layout.home);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const passed = Object.entries(withoutSecrets(env)).filter(([variable]) => PASSED_ON.test(variable));
  const plan: ServicePlan = {
    home,
    program,
    args: [
      entry,
      'up',
      '--foreground',
      ...given.flatMap(([option, value]) => [`--${option}`, String(value)]),
    ],
    env: {
      ...Object.fromEntries(passed),
      BOTLLM_HOME: home,
      ...(engine === 'native' && binary !== undefined ? { LLAMA_SERVER_BIN: binary } : {}),
      [SERVICE_VARIABLE]: name,
    },
  };
  for (const text of [plan.home, program, ...plan.args, ...Object.values(plan.env)]) {
    if (/\p{Cc}/u.test(text)) {
      throw new BotllmError('BAD_CONFIG', serviceMessages.unwritable, { detail: JSON.stringify(text) });
    }
  }
  return plan;
}
