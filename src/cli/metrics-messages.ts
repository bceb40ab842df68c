import { inLanguage } from '../language.js';

/** What `metrics` says to people. */
export const metricsMessages = inLanguage('cli/metrics', {
  nobody: (url: string) => `Nobody tells metrics at ${url}`,
  silent: (ms: number) => `no answer within ${ms} ms`,
  noMetrics: (url: string) => `${url} has no metrics for Prometheus`,
  status: (status: number) => `it answered ${status}`,
  tooLarge: (bytes: number) => `it answered with more than ${bytes} bytes`,
  nothing: 'Nothing that counts runs here',
  nothingHint: 'botllm serve, botllm up, or --metrics-url http://host:port/metrics of a runtime',
  unknown: 'no metrics of botllm or of an engine that it knows',
  requests: (all: number, failed: number, share: string) => `${all}, ${failed} failed${share}`,
  hits: (count: number, share: string | undefined) =>
    `${count} hits${share === undefined ? '' : ` (${share} of successes)`}`,
  tokensOf: (model: string) => `tokens ${model}`,
  inOut: (input: number, output: number) => `${input} in, ${output} out`,
  waiting: (now: number, waiting: number | undefined) => `${now}, ${waiting ?? '?'} waiting`,
  vram: (model: string, size: string) => `${model} (${size} of VRAM)`,
  nothingLoaded: 'nothing',
  promptOutput: (prompt: number, output: number | undefined) => `${prompt} prompt, ${output ?? '?'} output`,
  outcomes: (whole: string, failed: string | undefined) =>
    `${whole} whole${failed ? `, ${failed} failed` : ''}`,
  storeTrouble: (failures: number, notKept: number, alone: number) =>
    `${failures} failures, ${notKept} answers not kept, ${alone} limits decided without it`,
  together: 'together',
  sinceStart: 'Since each process started; quantiles are interpolated within the buckets.',
});
