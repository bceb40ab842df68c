import { counted } from '../russian.js';
import type { usageMessages as English } from './usage-messages.js';

/** The sentences of commander that a command line of ours can meet; one that it adds later stays as it is. */
const SENTENCES: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/^unknown option '(.*)'$/s, (option) => `неизвестная опция '${option}'`],
  [/^unknown command '(.*)'$/s, (word) => `неизвестная команда '${word}'`],
  [/^missing required argument '(.*)'$/s, (name) => `не указан обязательный аргумент '${name}'`],
  [/^option '(.*)' argument missing$/s, (option) => `у опции '${option}' нет значения`],
  [
    /^option '(.*?)' argument '(.*)' is invalid\. (.*)$/s,
    (option, value, why) => `опции '${option}' не подходит значение '${value}'. ${allowed(why)}`,
  ],
  [
    /^command-argument value '(.*)' is invalid for argument '(.*?)'\. (.*)$/s,
    (value, name, why) => `аргументу '${name}' не подходит значение '${value}'. ${allowed(why)}`,
  ],
  [
    /^too many arguments(?: for '(.*)')?\. Expected (\d+) arguments? but got (\d+)\.$/s,
    (command, most, given) =>
      `лишние аргументы${command ? ` у '${command}'` : ''}: ожидалось ${counted(Number(most), 'аргумент', 'аргумента', 'аргументов')}, указано ${given}.`,
  ],
  [/^\(Did you mean one of (.*)\?\)$/s, (words) => `(Возможно, имелось в виду одно из: ${words}?)`],
  [/^\(Did you mean (.*)\?\)$/s, (word) => `(Возможно, имелось в виду ${word}?)`],
];

function allowed(why = ''): string {
  return why.replace(/^Allowed choices are (.*)$/s, (_, choices: string) => `Допустимо: ${choices}`);
}

/** `usage-messages.ts` in Russian. */
export const usageMessages: typeof English = {
  mistake: (commanders) => {
    for (const [sentence, russian] of SENTENCES) {
      const found = sentence.exec(commanders);
      if (found) return russian(...found.slice(1));
    }
    return commanders;
  },
};
