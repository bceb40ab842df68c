import { counted, figure } from '../russian.js';
import type { storeMessages as English } from './messages.js';

/** `messages.ts` in Russian. */
export const storeMessages: typeof English = {
  unavailable: (location) => `хранилище ${location} не отвечает`,
  closed: 'хранилище закрыто',
  slow: (ms) => `ответа нет за ${figure(ms)} мс`,
  starting: (ms) => `процесс хранилища не запустился за ${figure(ms)} мс`,
  opening: (ms) => `не удалось открыть за ${figure(ms)} мс (возможно, другой процесс замер посреди записи)`,
  ended: (how) => `процесс хранилища завершился (${how})`,
  gone: 'процесса хранилища больше нет, и он ещё не запущен заново',
  busy: (calls) => `его уже ждут ${counted(calls, 'вызов', 'вызова', 'вызовов')}`,
  noBinary: 'для этой платформы у lmdb нет сборки или она не установлена',
  noBinaryHint:
    'задайте REDIS_URL, чтобы использовать Redis, или переустановите с необязательными зависимостями',
  folderHint: 'проверьте, что BOTLLM_HOME — каталог на локальном диске и в него можно писать',
  needsFolder: "встроенному хранилищу нужен каталог: openStore({ kind: 'embedded', folder })",
  badRedisUrl: 'REDIS_URL должен иметь вид redis://[user:password@]host[:port][/db] или rediss://…',
  redisUrlHint: 'узлы кластера: redis://a:7000,b:7000; особые знаки пароля — в процентной записи',
  clusterDb: 'в кластере Redis есть только база 0',
  noMasters: 'в кластере Redis нет ни одного мастера',
  redisHint: 'проверьте, что Redis работает и REDIS_URL верен; REDIS_URL=none — встроенное хранилище',
  needsUrl: "хранилищу Redis нужен адрес: openStore({ kind: 'redis', url })",
  inMemory: 'память этого процесса',
};
