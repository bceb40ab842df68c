import type { Words } from '../language.js';
import { counted } from '../russian.js';
import type { tryWords as english } from './try-messages.js';

export const tryWords: Words<typeof english> = {
  hello: (model) => `вопросы к ${model}; /help покажет, что ещё можно ввести, Ctrl-D выход`,
  head: [
    '/prompt          показать, что спрашивают у модели, с вашей последней строкой',
    '/cache           брать ответы из кеша или всегда спрашивать модель',
    '//text           спросить то, что начинается с косой черты',
    '/help            эта справка',
    '/exit            выход (Ctrl-D); Ctrl-C прерывает ответ, а если его нет, завершает',
  ].join('\n'),
  empty: 'ещё ничего не спрошено',
  unknown: (word) => `Нет команды ${word}; /help покажет, какие есть`,
  needsValue: (word) => `после ${word} нужно значение`,
  isNow: (name, value) => `${name}: ${value}`,
  cacheOn: 'ответы могут прийти из кеша',
  cacheOff: 'каждый ответ даёт модель',
  stopped: 'прервано',
  tokens: (count, perSecond) =>
    `${counted(count, 'токен', 'токена', 'токенов')}, ${perSecond} ток/с за весь вызов`,
};
