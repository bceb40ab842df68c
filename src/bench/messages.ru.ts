import { counted } from '../russian.js';
import type { messages as English } from './messages.js';

/** `messages.ts` in Russian. */
export const messages: typeof English = {
  instrumentBroke: 'Измеряющий процесс завершился раньше времени',
  instrumentBrokeHint: 'botllm bench self-test',
  noAnswer: (asked, model, root) =>
    asked === 0
      ? `${model} по адресу ${root} ничего не ответила`
      : `${model} по адресу ${root} не ответила ни на один из ${counted(asked, 'запроса', 'запросов', 'запросов')}`,
  noAnswerHint: 'botllm health --deep, затем botllm logs',
  capacityIsJson: (file) => `Ёмкость записывается в JSON, а ${file} не кончается на .json`,
  brokenCapacity: (file) => `${file} — не результат bench capacity, который можно прочесть`,
  capacityIsJsonHint: 'botllm bench capacity -o capacity.json',
  syntheticBroke: 'Не удалось запустить синтетический движок для самопроверки',
};
