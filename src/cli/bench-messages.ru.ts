import { counted, figure } from '../russian.js';
import { prettySize } from '../size.js';
import type { benchMessages as English } from './bench-messages.js';

const decimal = (value: number, digits: number) => value.toFixed(digits).replace('.', ',');
const percent = (share: number) => decimal(share * 100, 1);

/** `bench-messages.ts` in Russian. */
export const benchMessages: typeof English = {
  selfTesting: 'измерение движка, о котором известна правда',
  selfTestTruth: ({ ttftMs, itlMs, tokens }) =>
    `правда: первый токен через ${ttftMs} мс, затем по одному каждые ${itlMs} мс, всего ${counted(tokens, 'токен', 'токена', 'токенов')}; погрешности в мс, измеренное минус истинное`,
  selfTestHead: [
    'сразу',
    'запросов',
    'TTFT сред.',
    'p95',
    'свой сред.',
    'свой p95',
    'движок опоздал',
    'TPOT',
    'декод.',
  ],
  selfTestParts:
    'TTFT: от расписания. свой: доля самого прибора (дорога туда и обратно). движок опоздал: доля синтетического движка.',
  selfTestCost: (startUpMs, peakBytes) =>
    `измеряющий процесс запустился за ${decimal(startUpMs / 1000, 2)} с и занял не больше ${prettySize(peakBytes)}`,
  measuring: (model, level) => `измеряется ${model}, ${level}`,
  openLevel: (perSecond) => `${figure(perSecond)} запросов/с`,
  replay: 'записанные пользователи',
  noEngine: (state) => `Измерять нечего: движок — ${state}`,
  noModelName: 'Никто не говорит, как называется модель',
  noModelNameHint: 'LLM_MODEL=<name> botllm bench',
  twoLoads: '--concurrency и --request-rate — два разных вида нагрузки',
  twoLoadsHint: 'отдельный botllm bench для каждого',
  botIsAsItIs: '--pp, --tg и --text — для синтетической нагрузки; промпты продукта такие, какие есть',
  botIsAsItIsHint: 'botllm bench --workload synthetic --pp 512',
  reportWritten: (file) => `записан ${file}`,
  climbing: (atOnce) =>
    `измеряются ответы в секунду при ${counted(atOnce, 'одновременном', 'одновременных', 'одновременных')}`,
  probing: (users) => `измерение с ${counted(users, 'пользователем', 'пользователями', 'пользователями')}`,
  carried: 'выдерживает',
  notCarried: 'слишком много',
  inTime: (good, attempted) => `${figure(good)} из ${figure(attempted)}`,
  capacityHead: ['пользователей', 'запросов/с', 'вовремя', ''],
  capacitySlo: 'Предел для capacity один — на весь ответ, e2el',
  analysedHead: ['нагрузка', 'вовремя', 'E2E p50 мс', 'p95', 'макс.'],
  atOnce: (n) => `одновременно ${n}`,
  withUsers: (users) => counted(users, 'пользователь', 'пользователя', 'пользователей'),
  explainsReports: '--explain — для отчёта: у capacity нет показателей, которые есть у других инструментов',
  otherCapacity: 'Значения не те, что были найдены тогда.',
  notSearched: 'Для этого предела число пользователей не искалось: здесь только то, что было отправлено.',
  capacity: (n) => {
    const what = `${Math.round(n.share * 100)} % ответов в пределах ${figure(n.e2eMs)} мс`;
    if (n.users === 0) return `не выдерживает даже одного пользователя: ${what}`;
    const upper = n.tooMany === undefined ? 'верхний предел не найден' : `${n.tooMany} — уже слишком много`;
    return `выдерживает ${counted(n.users, 'пользователя', 'пользователей', 'пользователей')}: ${what} (${decimal(n.perSecond, 2)} запросов/с); ${upper}`;
  },
  limit: {
    alone: 'ограничивает: уже один ответ занимает больше предела',
    refusals: 'ограничивает: движок отклоняет или бросает запросы',
    throughput: 'ограничивает: скорость движка; запросы ждут, пока он занят, и новые слоты ничего не дадут',
    slots: 'ограничивают: слоты; запросы ждут слота, хотя движок мог бы делать больше сразу',
    sharing: 'ограничивает: запросы в одном батче замедляют друг друга',
    client: 'ограничивает: эта машина; опаздывал сам измеряющий процесс',
  },
  capacityAlone: (ms, slots, top) =>
    `один ответ занимает ${ms.toFixed(0)} мс; одновременно ${slots}; не больше ${decimal(top, 2)} ответа/с`,
  perTime: 'Укажите запросы за время, например 2/min, 30/h или 0.5/s.',
  slo: 'Укажите пределы в миллисекундах, например e2el:5000 или ttft:1000,tpot:50.',
  counts: 'Укажите целые числа, например 1,2,4,8.',
  rates: 'Укажите запросы в секунду, например 0.5,1,2.',
  ways: 'Укажите engine, client и gateway через запятую.',
  milliseconds: 'Укажите миллисекунды, например 2 или 0.5.',
  detailNeedsPlace: '--save-detailed хранит запросы рядом с отчётом, а отчёт не записывается',
  detailNeedsPlaceHint: 'botllm bench --save-detailed -o report.json',
  analysed: (requests, file) =>
    `сделан заново из ${counted(requests, 'запроса', 'запросов', 'запросов')} в ${file}`,
  maxRunsAlone: '--max-runs говорит, когда прекратить поиск точной цифры, а её никто не просил',
  maxRunsAloneHint: 'botllm bench --ci-target 5% --max-runs 20',
  turnsAreCounted: '--interleave делит число повторов пополам, а --ci-target оставляет его открытым',
  turnsAreCountedHint: 'botllm bench --interleave --runs 10',
  regressionAlone: 'для --max-regression нужен отчёт, с которым сравнивать',
  regressionAloneHint: 'botllm bench --baseline before.json --max-regression 10%',
  notAppended: (file) => `Не удаётся дописать новости в ${file}`,
  notAppendedHint: 'botllm bench --emit-progress news.jsonl',
  dryServed: 'измеряется там, где работает',
  dryOwn: 'запускается на своём порту',
  dryMissing: 'сначала скачивается',
  dryTooBig: (why) => `пропускается: ${why}`,
  dryHead: ['модель', 'как'],
  dryLevels: (levels) => `нагрузки: ${levels.join('; ')}`,
  dryWork: (requests, tokens) => {
    const work = counted(requests, 'измеряемый запрос', 'измеряемых запроса', 'измеряемых запросов');
    if (tokens === undefined) return work;
    return `${work}, не больше ${counted(tokens, 'токена', 'токенов', 'токенов')} в ответах`;
  },
  engineAlone:
    '--extra-body и --exact-tg — для простых запросов; клиент и шлюз отправляют то, что отправил бы бот',
  engineAloneHint: 'botllm bench --via engine',
  syntheticAlone:
    '--exact-tg и --prefix-cache — для синтетической нагрузки; промпты продукта такие, какие есть',
  syntheticAloneHint: 'botllm bench --workload synthetic',
  trying: (model) => `проверяем, что понимает ${model}`,
  notExact: (model, wanted, got) =>
    `${model}: получено ${got} из ${counted(wanted, 'токена', 'токенов', 'токенов')}, что ни проси: ответы одной длины невозможны`,
  notExactHint: 'botllm bench без --exact-tg: короткие ответы считаются и отмечаются',
  fields: 'Укажите поля, например top_k=1,top_p=0.9, или объект JSON.',
  verifying: ({ users, at, of }) =>
    `проверка с ${counted(users, 'пользователем', 'пользователями', 'пользователями')} (${at} из ${of})`,
  trial: ({ users, mean, low, high, times, verdict }) =>
    `проверено с ${counted(users, 'пользователем', 'пользователями', 'пользователями')}: вовремя ${percent(mean)} % ответов [${percent(low)}–${percent(high)}], ${counted(times, 'раз', 'раза', 'раз')}: ${verdict}`,
  verdicts: { kept: 'укладываются', missed: 'не укладываются', unclear: 'неясно' },
  held: 'цифра верна: столько выдерживает, а на пятую часть больше — нет',
  notHeld: 'цифра не подтвердилась: измерьте снова на спокойной машине или с большим --requests',
  gatewayFails: (said) => `Шлюз, который нужно было измерить, не запустился: ${said}`,
  gatewayFailsHint: 'botllm serve --port 0',
  gatewayElsewhere: '--gateway-url — адрес шлюза перед работающей моделью, а измеряются и другие',
  gatewayElsewhereHint: 'botllm bench --via gateway сам запускает шлюз перед каждой моделью',
  sameFigures: 'Значения те же, что в отчёте.',
  otherFigures: (version) => `Значения не те, что в отчёте, который сделал botllm ${version}.`,
  explainHead: ['модель, нагрузка', 'инструмент', 'TTFT мс', 'ITL мс', 'TPOT мс'],
  explainNote:
    'Те же ответы по формулам других инструментов, средние по запросам; прочерк — такого показателя у него нет.',
};
