import { inLanguage } from '../language.js';

/** What `serve` says to people. */
export const serveMessages = inLanguage('cli/serve', {
  listening: (url: string) => `the gateway listens at ${url}/v1`,
  asks: (endpoint: string, state: string) => `it asks the engine at ${endpoint} (${state})`,
  noEngine: 'requests are refused until an engine is there: botllm up',
  keys: (count: number) => (count === 1 ? '1 key is accepted' : `${count} keys are accepted`),
  stopHow: 'Ctrl-C stops it',
  draining: (ms: number) => `stopping; what is in flight has ${Math.round(ms / 100) / 10} s to finish`,
  stopped: 'stopped',
  noKeyInFile: (file: string) => `${file} holds no key`,
  keysFileUnread: (file: string, why: string) => `The keys in ${file} cannot be used: it ${why}`,
  keysHint: 'openssl rand -hex 24 > the file that BOTLLM_API_KEYS_FILE names',
});
