import { counted } from '../russian.js';
import type { reportMessages as English } from './report-messages.js';

/** `report-messages.ts` in Russian. */
export const reportMessages: typeof English = {
  interrupted: 'Прервано: то, что здесь есть, измерено, остальное — нет.',
  report: (at, version, id, seed) => `${at}, botllm ${version}, отчёт ${id}, seed ${seed}`,
  cores: (count) => counted(count, 'ядро', 'ядра', 'ядер'),
  ownError: (ttft, tpot) => `Погрешность самого прибора: TTFT ${ttft} мс, TPOT ${tpot} мс (bench self-test)`,
  noOwnError: 'Погрешность самого прибора не измерена: botllm bench self-test',
  cacheUnverified: (model, first, repeat) =>
    `Кэш не проверен: ${model} не говорит, что взято из кэша; ответ на промпт начался через ${first} мс, на тот же ещё раз — через ${repeat} мс`,
  cacheMeasured: (alone) => `, на измеренные — через ${alone} мс`,
  guide: 'Руководство называет 30–60 токенов в секунду для домашнего GPU; строка про CPU — о другой машине.',
  overhead: (added, interval) => `${added} мс${interval} по сравнению с прямым обращением к движку`,
};
