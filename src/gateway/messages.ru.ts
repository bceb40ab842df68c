import { counted } from '../russian.js';
import type { LISTENING as English } from './messages.js';

/** `messages.ts` in Russian. */
export const LISTENING: typeof English = {
  badKey: (from, place, least) =>
    `Ключ ${place} из ${from} не годится: ключ — это не меньше ${counted(least, 'видимого символа', 'видимых символов', 'видимых символов')} ASCII`,
  needsKey: (host) => `${host} доступен с других машин, поэтому шлюзу там нужен ключ`,
  needsKeyHint: 'BOTLLM_API_KEYS=… botllm serve или --host 127.0.0.1',
  noHost: (host) => `${host} — не адрес этой машины`,
  noHostHint: 'botllm serve --host 127.0.0.1',
  portTaken: (port) => `Порт ${port} занят`,
  portTakenHint: (port) => `botllm serve --port ${port + 1}`,
  portForbidden: (port) => `Этому пользователю нельзя занимать порт ${port}`,
  portForbiddenHint: 'botllm serve --port 11435',
};
