import type { messages as English } from './messages.js';

/** `messages.ts` in Russian. */
export const messages: typeof English = {
  otherBench: (pid) => `В этом домашнем каталоге уже измеряет другой botllm bench или eval (pid ${pid})`,
  otherBenchHint: 'дождитесь его или прервите через Ctrl-C',
  notFitting: (name) => `${name} не помещается в память`,
  notFittingHint: 'измерьте её отдельно с --stop-running, с меньшими --context или --slots или не берите её',
};
