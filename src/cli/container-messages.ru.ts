import { counted } from '../russian.js';
import type { containerMessages as English } from './container-messages.js';

/** `container-messages.ts` in Russian. */
export const containerMessages: typeof English = {
  composeWhy: {
    asked: 'так указано',
    gpu: 'Docker отвечает и может использовать GPU NVIDIA',
    running: 'он уже работал',
  },
  uptime: (seconds) => {
    const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(
      Math.floor,
    );
    if (days) return `${days} д ${hours} ч`;
    return hours ? `${hours} ч ${minutes} мин` : `${minutes} мин`;
  },
  containerRestarts: (count) => `перезапускался ${counted(count, 'раз', 'раза', 'раз')}`,
  memoryOf: (used, limit) => (limit === undefined ? used : `${used} из ${limit}`),
  vramOf: (used, total, name) => `${used} из ${total} на ${name}`,
  offloaded: (onGpu, total) => `на GPU ${onGpu} из ${total}; остальное на процессоре`,
  layers: (count) => counted(count, 'слоя', 'слоёв', 'слоёв'),
  contextTimes: (tokens, slots) => `${counted(tokens, 'токен', 'токена', 'токенов')} × ${slots}`,
  gpuIdle: (name, why) => `${name} есть, но не используется: ${why}`,
  gpuWhy: {
    none: 'указано --gpu none',
    'no-runtime': 'у Docker нет среды выполнения NVIDIA; установите nvidia-container-toolkit',
    container: 'контейнер запущен без него: botllm down && botllm up --gpu auto',
  },
  envHead: 'для оболочки или файла .env среды ботов:',
  envRestart: 'docker compose restart не передаёт новые переменные; их передаёт docker compose up -d runtime',
  switched: (model, seconds) => `теперь обслуживает ${model}; ${seconds} с никто не получал ответа`,
  moved: (model, seconds) =>
    `теперь обслуживает ${model}, на том же порту; ${seconds} с соединения не принимались`,
  trying: (model, before) => `${model} запускается рядом с ${before}, которая продолжает отвечать`,
  oneAtATime: (family) => `${family} не запускается дважды`,
  oldOneLeft: (pid) => `старый движок не завершается: kill -9 ${pid}`,
  tried: (model, before) => `${model} запускается; ради неё останавливается ${before}`,
  stoppingFirst: (before, why) => `${why}, поэтому сначала останавливается ${before}`,
  noRoomBeside: (what, need, free) => `для обеих нет места: нужно ${need} (${what}), свободно ${free}`,
  roomUnknown: (what) => `неизвестно, поместятся ли обе (${what})`,
  notReadyBefore: (before) => `${before} не отвечает`,
  switchStays: (asked, before) => `${asked} не запустилась; ${before} не тронута`,
  rolledBack: (model, seconds) => `снова обслуживает ${model}; ${seconds} с никто не получал ответа`,
  switchFailed: (asked, again) => `${asked} не запустилась; снова обслуживает ${again}`,
  switchSame: (model) => `${model} и так работает`,
  restarted: (model, seconds) => `${model} снова готова, через ${seconds} с`,
  profileNeeds: '--profile, --family, --quantize и --publish — для контейнеров',
  profileNeedsHint: 'botllm up --engine compose …',
  healthLine: (line) => `проверка здоровья из руководства для этого семейства: ${line}`,
  prefixesCold: 'первый вопрос каждой задачи будет медленнее: её инструкции не удалось прочитать заранее',
  dryDownContainers: (names) => `были бы остановлены и удалены: ${names.join(' и ')}`,
  downContainers: (names) => `удалены: ${names.join(' и ')}; веса остаются`,
  noContainer: (name) => `Контейнера ${name} нет`,
  noContainerHint: {
    llm: 'botllm up',
    redis: 'botllm up --engine compose или его имя: REDIS_CONTAINER=…',
    gateway: 'botllm serve',
    runtime: 'его имя: BOTLLM_RUNTIME_CONTAINER=…; имена показывает docker ps',
  },
  nothingRuns: 'Здесь не работает ничего из botllm',
  logWithoutTimes: 'в этом логе нет времени: --since ничего не может отсечь',
  redisAt: (url) => `${url} (с этого момента это REDIS_URL, если вы не зададите свой)`,
};
