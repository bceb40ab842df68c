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
  together: 'вместе',
  sinceStart: 'С запуска каждого процесса; квантили интерполированы внутри корзин.',
};
