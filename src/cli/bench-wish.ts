import type { FamilyName } from '../engines/compose/families/contract.js';
import { BotllmError } from '../errors.js';
import { lifecycleMessages } from './bench-lifecycle-messages.js';
import type { QualityLevel } from './bench-quality.js';
import type { BenchWish } from './bench-run.js';
import type { OptionSpec } from './define.js';
import { parse } from './parse.js';

/** Which models `bench` measures, and what it may do for that, as its options come. */
export interface WishOptions {
  models?: readonly string[] | true;
  stopRunning?: boolean;
  engine?: 'auto' | 'embedded' | 'native' | 'compose';
  family?: FamilyName;
  gpu?: 'auto' | 'none';
  context?: number;
  slots?: number;
  quality?: QualityLevel | 'none';
  selfTest?: boolean;
  gatewayUrl?: string;
  label?: string;
}

export const MODEL_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--models [a,b]',
    description: 'these, each served in turn; alone: every downloaded one that fits (the default)',
    parse: parse.list,
  },
  { flags: '--stop-running', description: 'stop the running engine meanwhile, and start it again after' },
  {
    flags: '--engine <kind>',
    description: 'what serves the models (auto)',
    choices: ['auto', 'embedded', 'native', 'compose'],
  },
  {
    flags: '--family <name>',
    description: 'with --engine compose: the engine of the containers (llamacpp)',
    choices: ['llamacpp', 'vllm', 'ollama', 'tgi'],
  },
  { flags: '--gpu <use>', description: 'none: on the processor (auto)', choices: ['auto', 'none'] },
  { flags: '--context <tokens>', description: 'of one slot', parse: parse.count(256, 1_048_576) },
  { flags: '--slots <n>', description: 'requests that are decoded together', parse: parse.count(1, 64) },
  {
    flags: '--quality <level>',
    description: 'ask the quality set as well: 10, 50 or all questions of each task (none)',
    choices: ['none', 'smoke', 'standard', 'full'],
  },
  {
    flags: '--gateway-url <url>',
    description: 'with --via gateway: one that runs before the served model (one is started)',
    parse: parse.url,
  },
];

export function benchWish(options: WishOptions): BenchWish {
  const { models, stopRunning = false, quality = 'none', selfTest, label, gatewayUrl } = options;
  const { engine, family, gpu, context, slots } = options;
  const contained = engine === 'compose' ? { family, gpu } : undefined;
  if (contained && (context ?? slots) !== undefined) throw usage(lifecycleMessages.containerHasNo);
  if (!contained && family !== undefined) throw usage(lifecycleMessages.familyNeeds);
  return {
    models: models === true ? undefined : models,
    stopRunning,
    contained,
    request: { engine: engine === 'compose' ? undefined : engine, gpu, context, slots },
    selfTest: selfTest !== false,
    label,
    gatewayUrl,
    quality: quality === 'none' ? undefined : quality,
  };
}

function usage(message: string): BotllmError {
  return new BotllmError('USAGE', message, { hint: lifecycleMessages.containedHint });
}
