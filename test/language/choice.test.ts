import { expect, test } from 'vitest';
import { languageOf } from '../../src/cli/choose-language.js';
import { firstWord } from '../../src/cli/first-word.js';

test('--lang beats every variable, in both of its spellings; the last one counts', () => {
  expect(languageOf(['status', '--lang', 'en'], { LC_ALL: 'ru_RU.UTF-8' })).toBe('en');
  expect(languageOf(['--lang=ru', 'status'], { LANG: 'en_US.UTF-8' })).toBe('ru');
  expect(languageOf(['--lang', 'ru', 'status', '--lang', 'en'], {})).toBe('en');
});

test('LC_ALL beats LC_MESSAGES beats LANG; an empty one is not there', () => {
  expect(languageOf([], { LC_ALL: 'C', LC_MESSAGES: 'ru_RU.UTF-8', LANG: 'ru_RU.UTF-8' })).toBe('en');
  expect(languageOf([], { LC_MESSAGES: 'ru_RU.UTF-8', LANG: 'en_US.UTF-8' })).toBe('ru');
  expect(languageOf([], { LC_ALL: '', LANG: 'ru_RU.UTF-8' })).toBe('ru');
});

test.each([
  ['ru', 'ru'],
  ['ru_RU', 'ru'],
  ['ru_RU.KOI8-R', 'ru'],
  ['ru@latin', 'ru'],
  ['run', 'en'],
  ['C', 'en'],
  ['C.UTF-8', 'en'],
  ['POSIX', 'en'],
  ['de_DE.UTF-8', 'en'],
  [undefined, 'en'],
])('LANG=%s is %s', (LANG, language) => {
  expect(languageOf([], { LANG })).toBe(language);
});

test('JSON is English, whatever the language is', () => {
  expect(languageOf(['status', '--json', '--lang', 'ru'], { LC_ALL: 'ru_RU.UTF-8' })).toBe('en');
});

test('a language that there is not leaves the choice to the variables', () => {
  expect(languageOf(['--lang', 'rus'], { LANG: 'ru_RU.UTF-8' })).toBe('ru');
  expect(languageOf(['--lang'], {})).toBe('en');
});

test('the command is found behind --lang', () => {
  expect(firstWord(['--lang', 'ru', 'health'])).toBe('health');
  expect(firstWord(['--lang=ru', '--no-color', 'health'])).toBe('health');
});
