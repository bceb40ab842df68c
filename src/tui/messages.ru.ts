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
    bench: 'Замеры',
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
  noLog: 'лога движка нет: ни у процесса этого дома, ни у контейнера',
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
  calls: (count) => `всего ${counted(count, 'вызов', 'вызова', 'вызовов')}`,
  tokens: (input, output) => `токены: вход ${figure(input)}, выход ${figure(output)}`,
  slots: (busy, slots, waiting) => `движок     занято слотов ${busy} из ${slots ?? '?'}, ждут ${waiting}`,
  store: (kind, answers, size, users) =>
    `хранилище  ${kind}   ${counted(answers, 'ответ', 'ответа', 'ответов')}${size === undefined ? '' : `   ${size}`}   ${counted(users, 'пользователь', 'пользователя', 'пользователей')} за минуту`,
  answers: (count) => counted(count, 'ответ', 'ответа', 'ответов'),
  callsUnlimited: (count) => `${counted(count, 'вызов', 'вызова', 'вызовов')}, без ограничения`,
  callsOf: (count, limit) =>
    `${figure(count)} из ${counted(limit, 'вызова', 'вызовов', 'вызовов')}${count >= limit ? ', лимит исчерпан' : ''}`,
  ago: (span) => `${span} назад`,
  kept: (answers, users) =>
    `в кэше ${counted(answers, 'ответ', 'ответа', 'ответов')}, за минуту ${counted(users, 'пользователь', 'пользователя', 'пользователей')}`,
  lastMinute: 'за минуту',
  secondsSeen: (seconds) => `за ${figure(seconds)} с`,
  keysTitle: 'Клавиши',
  noReports: 'в этом доме нет отчётов о замерах; дальше: botllm bench',
  olderReports: 'прежние отчёты',
  report: (id) => `отчёт ${id}`,
  interrupted: 'прерван',
  measuring: (model, at, of) => `измеряется ${model}${of > 1 ? ` (${at}/${of})` : ''}`,
  since: (span) => `уже ${span}`,
  benchHead: ['модель', 'нагрузка', 'TTFT', 'TPOT', 'ток/с', 'всего ток/с', 'ошибки', 'метки'],
  container: (name, status, restarts) =>
    `контейнер   ${name}   ${status}   ${counted(restarts, 'перезапуск', 'перезапуска', 'перезапусков')}`,
};
