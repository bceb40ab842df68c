import { counted, figure } from '../russian.js';
import type { MESSAGES as English } from './messages.js';

/** `messages.ts` in Russian. */
export const MESSAGES: typeof English = {
  badAction: (where, why) => `Действие неверно в ${where}: ${why}`,
  badVariable: (name) => `vars.${name} должно быть текстом, числом, true или false`,
  badActionHint: 'смотрите action.reply_template.v1 в README',
  inSpec: (path, line) => `Действие ${path || 'верхнего уровня'} (строка ${line}) неверно`,
  unreadableSpec: 'Спецификацию не удаётся прочитать',
  messageTooLong: (chars, max) =>
    `В улучшенном сообщении было бы ${counted(chars, 'символ', 'символа', 'символов')}, Telegram принимает ${figure(max)}`,
};
