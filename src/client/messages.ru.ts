import { counted, figure } from '../russian.js';
import type { MESSAGES as English } from './messages.js';

/** `messages.ts` in Russian. */
export const MESSAGES: typeof English = {
  disabled: 'Языковая модель выключена',
  disabledHint: 'LLM_ENABLED=true или enabled: true',
  closed: 'Клиент закрыт',
  aborted: 'Вызов прервала вызывающая сторона',
  deadline: (ms) => `За ${figure(ms)} мс на весь вызов ответа нет`,
  deadlineHint: 'увеличьте LLM_DEADLINE или deadlineMs для одного вызова',
  timeout: (ms) => `Движок не ответил за ${figure(ms)} мс`,
  idle: (ms) => `Поток стоит уже ${figure(ms)} мс`,
  timeoutHint: 'увеличьте LLM_TIMEOUT; загрузку движка показывает botllm status',
  promptTooLong: (chars, max) =>
    `В промпте ${counted(chars, 'символ', 'символа', 'символов')}, допустимо ${figure(max)}`,
  promptTooLongHint: 'сократите текст или увеличьте LLM_MAX_PROMPT_CHARS',
  noMessages: 'messages должен быть списком { role, content } хотя бы с одной записью',
  noPrompt: 'prompt должен быть текстом',
  badExtra: 'extra должен быть объектом, который можно записать в JSON',
  badRequestId: 'requestId: от 1 до 128 видимых символов ASCII',
  badUserId: (chars) => `userId: текст не длиннее ${figure(chars)} символов, без управляющих символов`,
  badScope: (chars) => `scope: текст длиной от 1 до ${figure(chars)} символов`,
  badTraceparent: 'traceparent должен быть контекстом трассировки W3C',
  badPriority: (known) => `priority: одно из ${known}`,
  contextExceeded: (tokens, answer, context) =>
    `В промпте ${counted(tokens, 'токен', 'токена', 'токенов')}; вместе с ${figure(answer)} на ответ это больше контекста движка (${figure(context)})`,
  contextHint: 'сократите текст или возьмите движок с бóльшим контекстом',
  iterateOnce: 'Поток можно прочитать только один раз',
  broken: 'Чтение потока бросили до его конца',
  badNumber: (name, range) => `${name}: должно быть ${range}`,
  breakerOpen: (ms) => `Движок отказывал раз за разом; следующая попытка через ${figure(ms)} мс`,
  breakerHint: 'botllm health',
  rateLimited: (limit, seconds) =>
    `Пользователь сделал ${counted(limit, 'вызов', 'вызова', 'вызовов')} за 60 с; следующий возможен через ${figure(seconds)} с`,
  rateLimitedHint:
    'подождите или увеличьте LLM_RATE_LIMIT (вызовов на пользователя за 60 с; 0 — без ограничения)',
  overloaded: (waitMs, waiting) =>
    `Движок занят: очередь дошла бы примерно через ${figure(waitMs)} мс (вызовов в очереди: ${figure(waiting)})`,
  overloadedHint: 'повторите чуть позже; или добавьте слотов движку и увеличьте LLM_MAX_CONCURRENCY',
  unreachable: (where) => `По адресу ${where} никто не отвечает`,
  unreachableHint: 'botllm up или LLM_BASE_URL=http://host:port',
  brokenConnection: (where) => `Соединение с ${where} оборвалось`,
  refused: (status, why) => `Движок ответил ${status}${why ? `: ${why}` : ''}`,
  notJson: 'Движок ответил не JSON',
  notAnAnswer: 'В ответе движка нет ни одного варианта',
  errorInside: (why) => `Движок ответил 200, но с ошибкой внутри${why ? `: ${why}` : ''}`,
  emptyAnswer: 'Модель закончила ответ, не сказав ни слова',
  emptyHint: 'спросите иначе или возьмите другую модель: botllm models',
  tooLarge: (bytes) => `Ответ движка больше ${counted(bytes, 'байта', 'байт', 'байт')}`,
  odd: (finish) => `Движок закончил ответ причиной ${JSON.stringify(finish)}`,
  unfinished: 'Ответ оборвался: движок так и не сообщил, что он закончен',
  cut: 'Ответ обрезан по наибольшей длине',
  baseUrlHint: 'LLM_BASE_URL должен указывать на сервер, совместимый с OpenAI',
  modelHint: 'botllm models или LLM_MODEL',
  keyHint: 'LLM_API_KEY=… с ключом, который принимает движок',
  internal: 'Внутренняя ошибка клиента',
};
