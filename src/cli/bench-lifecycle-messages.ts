import { inLanguage } from '../language.js';
import type { Turn } from './bench-models.js';

/** What `bench --models` says of the engines that it starts and stops. */
export const lifecycleMessages = inLanguage('cli/bench-lifecycle', {
  starting: (model: string, { at, of }: Turn) => `starting ${model} (${at} of ${of})`,
  runsBeside: 'The running engine stays up beside the measured one; --stop-running stops it meanwhile.',
  stopping: (model: string) => `Stopping the running engine (${model}) until the bench is over`,
  bringingBack: (model: string) => `Starting the engine again that ran before (${model})`,
  notBroughtBack: (model: string) => `The engine that ran before (${model}) could not be started again`,
  recovered: (stoppedOwn: boolean) =>
    `An earlier bench ended before its time; ${stoppedOwn ? 'its engine was stopped' : 'it had left no engine'}.`,
  leftOut: (why: string, sum: string) => `Left out: ${why} (${sum})`,
  containerHasNo: '--context and --slots are of processes; a container takes what its family takes',
  familyNeeds: '--family is of containers',
  containedHint: 'botllm bench --models gemma-2b --engine compose --family llamacpp',
});

/** Why a report has no time of a first token: English, as all that stands in reports. */
export const PROVEN_BY_A_TOKEN = 'an engine makes a first token before it says that it is ready';

export const FETCHED_BEFORE_LOAD = 'the container does not say when it began to load';
