import { counted, figure } from '../russian.js';
import type { metricsMessages as English } from './metrics-messages.js';

/** `metrics-messages.ts` in Russian. */
export const metricsMessages: typeof English = {
  nobody: (url) => `По адресу ${url} никто не отдаёт метрики`,
  silent: (ms) => `нет ответа за ${figure(ms)} мс`,
  noMetrics: (url) => `У ${url} нет метрик для Prometheus`,
  status: (status) => `ответ ${status}`,
  tooLarge: (bytes) => `ответ больше ${counted(bytes, 'байта', 'байт', 'байт')}`,
  nothing: 'Здесь не работает ничего, что ведёт счётчики',
  nothingHint: 'botllm serve, botllm up или --metrics-url http://host:port/metrics среды ботов',
  unknown: 'нет метрик ни botllm, ни движка, который он знает',
  requests: (all, failed, share) => `${all}, ${failed} с ошибкой${share}`,
  hits: (count, share) =>
    `${counted(count, 'попадание', 'попадания', 'попаданий')}${share === undefined ? '' : ` (${share} успешных)`}`,
  tokensOf: (model) => `токены ${model}`,
  inOut: (input, output) => `вход ${input}, выход ${output}`,
  waiting: (now, waiting) => `${now}, ждут ${waiting ?? '?'}`,
  vram: (model, size) => `${model} (${size} видеопамяти)`,
  nothingLoaded: 'ничего',
  promptOutput: (prompt, output) => `промпты ${prompt}, ответы ${output ?? '?'}`,
  outcomes: (whole, failed) => `целиком ${whole}${failed ? `, с ошибкой ${failed}` : ''}`,
  storeTrouble: (failures, notKept, alone) =>
    `отказов ${failures}, не сохранено ответов ${notKept}, решений о лимите без него ${alone}`,
  together: 'вместе',
  sinceStart: 'С запуска каждого процесса; квантили интерполированы внутри корзин.',
};
