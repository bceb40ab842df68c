import { counted, figure, form } from '../russian.js';
import type { tuiMessages as English } from './messages.js';

/** `messages.ts` in Russian. */
export const tuiMessages: typeof English = {
  views: {
    overview: 'Обзор',
    requests: 'Запросы',
    logs: 'Логи',
    cache: 'Кэш и лимиты',
    models: 'Модели',
  },
  condition: {
    ready: 'готов',
    loading: 'загружается',
    stopping: 'останавливается',
    unhealthy: 'не отвечает',
    stopped: 'не запущен',
  },
  noEngine: 'ни один движок не запущен; дальше: botllm up',
  noMetrics: 'счётчиков нет: по адресам --metrics-url никто не отвечает (у botllm serve он есть)',
  metricsDown: (urls) => `не отвечает: ${urls}`,
  noCalls: 'в журнале событий нет вызовов',
  noLog: 'лога движка-процесса нет; лог контейнера показывает botllm logs',
  noStoreYet: 'в хранилище ещё не заглядывали',
  fault: (part, why) => `${part}: ${why}`,
  tooSmall: (columns, rows) => `botllm top нужно ${columns} × ${rows}`,
  readOnly: 'только чтение',
  paused: 'пауза',
  filter: (text) => `фильтр: ${text}`,
  clearQuestion: (what) => `Удалить ответы ${what} из кэша? [y/N]`,
  resetQuestion: (user) => `Забыть вызовы пользователя ${user}? [y/N]`,
  cleared: (count) =>
    `из кэша ${form(count, 'удалён', 'удалено', 'удалено')} ${counted(count, 'ответ', 'ответа', 'ответов')}`,
  reset: (user) => `вызовы пользователя ${user} забыты`,
  failed: (why) => `не получилось: ${why}`,
  refused: 'только чтение: ничего не меняется',
  nothingChosen: 'ничего не выбрано',
  more: (count) => `ещё ${figure(count)}`,
  inAll: 'всего',
  lastMinute: 'за минуту',
  secondsSeen: (seconds) => `за ${figure(seconds)} с`,
  notLimited: 'без ограничения',
  keysTitle: 'Клавиши',
};
