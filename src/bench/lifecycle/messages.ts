import { inLanguage } from '../../language.js';

/** What starting and stopping models for the bench says to people. */
export const messages = inLanguage('bench/lifecycle', {
  otherBench: (pid: number) => `Another botllm bench or eval measures in this home (pid ${pid})`,
  otherBenchHint: 'wait until it is done, or end it with Ctrl-C',
  notFitting: (name: string) => `${name} does not fit into memory`,
  notFittingHint:
    'measure it alone with --stop-running, with a smaller --context or --slots, or leave it out',
});
