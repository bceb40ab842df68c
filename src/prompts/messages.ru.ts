import type { REFUSALS as English } from './messages.js';

/** `messages.ts` in Russian. */
export const REFUSALS: typeof English = {
  noLabels: 'Список availableIntents пуст',
  labelRule: (label) =>
    `${JSON.stringify(label.slice(0, 80))} не может быть намерением: нужно от 1 до 64 букв, цифр, "_", ".", ":" или "-", ` +
    'первой — буква или цифра',
  labelTwice: (label) => `Намерение ${JSON.stringify(label)} указано дважды`,
  notText: (name) => `${name}: нужен текст`,
  notADate: (name) => `${name}: нужна дата`,
  badFallback: (name) => `${name} выходит за пределы ответа`,
  unboundedAnswer: (id) =>
    `Промпт ${id}: схема не ограничивает длину ответа, поэтому build должен вернуть maxTokens`,
};
