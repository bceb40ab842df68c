import { say } from '../language.js';
import { counted } from '../russian.js';
import type { MESSAGES as English } from './messages.js';

/** `messages.ts` in Russian. */
export const MESSAGES: typeof English = {
  badValue: (name, shown, range) => `${name} — ${shown}, а нужно: ${say(range)}`,
  hidden: '(скрыто)',
  noHome: (home) => `Домашний каталог ${home} не удаётся создать или записать`,
  noHomeHint: 'BOTLLM_HOME=… с каталогом, куда вы можете писать',
  valueHint: (name, sign, defaultText) => `${name}${sign}… (по умолчанию: ${say(defaultText)})`,
  notScalar: (key, what, range) => `${key} — ${what}, а нужно: ${say(range)}`,
  aList: 'список',
  aMap: 'словарь',
  anAlias: 'псевдоним YAML',
  unknownKey: (key) => `настройки ${key} нет`,
  didYouMean: (names) => `возможно, имелось в виду: ${names.join(' или ')}?`,
  allKeys: 'botllm config show',
  keyTwice: (key, other) => `${key} задан дважды: ${other} — та же настройка`,
  badKey: 'ключ — не простой текст',

  notThere: 'такого файла нет или это ссылка в никуда',
  aFolder: 'это каталог, а не файл',
  notRegular: 'это не обычный файл',
  tooLarge: (limit) => `больше ${limit}`,
  notAllowed: 'этому пользователю нельзя его читать',
  linkLoop: 'это ссылка в никуда',
  notUtf8: 'это не текст UTF-8',
  unreadable: (code) => `не удаётся прочитать (${code})`,
  twoFiles: (other) => `рядом лежит ${other}; оставьте один из них`,

  notJson: 'это не JSON',
  notAMap: 'в нём нет настроек: ожидаются строки `name: value` (или один объект JSON)',
  yaml: {
    DUPLICATE_KEY: 'ключ стоит здесь второй раз',
    TAB_AS_INDENT: 'строка начинается с табуляции; в YAML нужны пробелы',
    BAD_INDENT: 'отступ этой строки не подходит',
    MULTIPLE_DOCS: 'здесь начинается второй документ; ожидается один',
    MULTILINE_IMPLICIT_KEY: 'строка без `name: value` (может быть, нет пробела после двоеточия?)',
    BLOCK_AS_IMPLICIT_KEY: 'две пары `name: value` в одной строке',
    MISSING_CHAR: 'не хватает скобки, кавычки, запятой или двоеточия',
    RESOURCE_EXHAUSTION: 'слишком глубокая вложенность',
    TAG_RESOLVE_FAILED: 'теги YAML (!name) здесь не понимаются',
  },
  yamlOther: 'текст — не YAML',

  intentsShape: 'intents — не список имён и не имена с описаниями',
  intentsEmpty: 'в intents нет ни одного намерения',
  intentRule: (label) =>
    `${JSON.stringify(label.slice(0, 80))} не может быть намерением: нужно от 1 до 64 букв, цифр, "_", ".", ":" или "-", ` +
    'первой — буква или цифра',
  intentTwice: (label) => `намерение ${JSON.stringify(label)} указано дважды`,
  intentDescription: (label) => `описание ${JSON.stringify(label)} — не текст`,

  swallowed: (name) => `${name} не читается: строка перед ней — не NAME=value и забирает её с собой`,
  stray: (name, meant) => `у botllm нет переменной ${name}; возможно, имелась в виду ${meant}?`,
  plantedFile: (file) =>
    `${file} не читается: в его каталог может писать кто угодно, а принадлежит файл не вам и не владельцу каталога`,
  programInProject: (name) =>
    `${name} указывает программу для запуска, а файлу, который приходит с проектом, это не разрешено`,
  programHint: (variable, ownFolder) =>
    `уберите её оттуда и задайте ${variable} в оболочке или в своём файле: ${ownFolder}/botllm.config.yaml`,
  secretWithheld: (secret, address, file) =>
    `${secret} не отправляется по адресу, который указан в ${file} (${address}): чтобы отправлять, держите оба в одном месте`,

  moreProblems: (count) => `botllm config validate (ещё ${counted(count, 'ошибка', 'ошибки', 'ошибок')})`,
};
