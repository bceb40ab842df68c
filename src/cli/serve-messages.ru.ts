import { counted, figure, form } from '../russian.js';
import type { serveMessages as English } from './serve-messages.js';

/** `serve-messages.ts` in Russian. */
export const serveMessages: typeof English = {
  listening: (url) => `шлюз слушает ${url}/v1`,
  asks: (endpoint, state) => `он обращается к движку ${endpoint} (${state})`,
  noEngine: 'запросы отклоняются, пока движка нет: botllm up',
  keys: (count) =>
    `${form(count, 'принимается', 'принимаются', 'принимается')} ${counted(count, 'ключ', 'ключа', 'ключей')}`,
  stopHow: 'Ctrl-C останавливает',
  draining: (ms) =>
    `остановка; у начатых запросов есть ${figure(Math.round(ms / 100) / 10)} с, чтобы закончить`,
  stopped: 'остановлен',
  noKeyInFile: (file) => `В ${file} нет ни одного ключа`,
  keysFileUnread: (file, why) => `Ключи из ${file} использовать нельзя: ${why}`,
  keysHint: 'openssl rand -hex 24 > файл, который указан в BOTLLM_API_KEYS_FILE',
};
