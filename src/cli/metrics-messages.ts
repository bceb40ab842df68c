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
  together: 'together',
  sinceStart: 'Since each process started; quantiles are interpolated within the buckets.',
});
