import { counted } from '../russian.js';
import type { compareMessages as English } from './compare-messages.js';

/** `compare-messages.ts` in Russian. */
export const compareMessages: typeof English = {
  useShare: 'укажите долю от 0 до 1000 %, например 10%',
  fewRuns: '~ (по менее чем 4 прогонам разницы не увидеть)',
  tooSlow: (verdict) => `${verdict}, больше допустимого`,
  compareVerdict: (verdict) =>
    ({
      faster: 'В целом: быстрее.',
      slower: 'В целом: медленнее.',
      mixed: 'В целом: по-разному, что-то быстрее, что-то медленнее.',
      '~': 'В целом: ~ (разницы по этим прогонам не видно).',
    })[verdict] ?? verdict,
  regressions: (count, allowed) =>
    count === 0
      ? `Ничто не стало достоверно медленнее больше чем на ${percent(allowed)}.`
      : `Достоверно медленнее больше чем на ${percent(allowed)}: ${counted(count, 'показатель', 'показателя', 'показателей')}.`,
  note: (text) => `примечание: ${text}`,
  notCompared: (why) => `не сравнивалось: ${why}`,
};

const percent = (share: number) => `${String(Number((share * 100).toFixed(2))).replace('.', ',')} %`;
