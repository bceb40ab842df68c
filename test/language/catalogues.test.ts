import { afterEach, describe, expect, test } from 'vitest';
import { COMMAND_PATHS } from '../../src/cli/commands/index.js';
import { RUSSIAN } from '../../src/cli/russian.js';
import { speak } from '../../src/language.js';
import { sayings, twins, withoutTwin } from '../support/catalogues.js';

/** Catalogues that are still to be translated. */
const PENDING: string[] = [];
const TWINS = await twins();

/** What a reader types or looks for: options, variables, addresses, commands. They are the same in every language. */
const WORDS = [...new Set(COMMAND_PATHS.map((path) => path.split(' ')[0]))].join('|');
const CODE = new RegExp(
  `--[a-z][a-z-]+|\\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\\b|\\bhttps?://[^\\s,;)]+|\\bbotllm (${WORDS})|\\bdocker [a-z]+`,
  'g',
);

/** Names and figures: as digits alone, because languages part them differently. */
function fixed(text: string): string[] {
  const figures = text.replace(/(?<=\d)[.,\u00a0\u202f](?=\d)/g, '').match(/\d+/g) ?? [];
  return [...new Set([...figures, ...(text.match(/probe[a-z]/g) ?? [])])].sort();
}

afterEach(() => speak('en'));

describe.each(TWINS.map((twin) => [twin.name, twin] as const))('%s', (_, twin) => {
  test('has every key of English, and no other', () => {
    expect(keysOf(twin.russian).sort()).toEqual(keysOf(twin.english).sort());
  });

  test('says the same names, figures and commands in Russian', () => {
    const wrong = sayings(twin).flatMap(({ key, english, russian }) => {
      const lost = [...new Set(english.match(CODE) ?? [])].filter((code) => !russian.includes(code));
      const isSame = fixed(russian).join() === fixed(english).join();
      return lost.length > 0 || !isSame ? [`${key}: ${lost.join()} ${english} => ${russian}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  test('leaves nothing in English but what is typed', () => {
    const left = sayings(twin).filter(({ russian }) => isEnglish(russian));
    expect(left.map(({ key, russian }) => `${key}: ${russian}`)).toEqual([]);
  });
});

test.each(TWINS.map((twin) => [twin.name, twin] as const))(
  '%s is spoken once Russian is chosen',
  (_, twin) => {
    const inEnglish = { ...twin.english };
    speak('ru', RUSSIAN);
    expect({ ...twin.english }).toEqual(twin.russian);
    speak('en');
    expect({ ...twin.english }).toEqual(inEnglish);
  },
);

test('every catalogue has its Russian twin', () => {
  expect(withoutTwin()).toEqual(PENDING);
});

/** Words of a sentence, once what is code is taken out of the text. */
function isEnglish(text: string): boolean {
  if (/[а-яё]/i.test(text)) return /\b(the|is|are|was|cannot|there|with|which|that|and)\b/.test(plain(text));
  return (plain(text).match(/\b[a-z]{3,}\b/g) ?? []).length > 1;
}

function plain(text: string): string {
  return text
    .replace(/`[^`]*`|'[^']*'|"[^"]*"/g, '')
    .replace(
      /\b(botllm|docker|redis-cli|npm|sudo|curl|chmod|mkdir|export|iconv|openssl|ps)\b[^;,а-яё]*/gi,
      '',
    )
    .replace(/probe[a-z]|\S*[-_/.=:]\S*/g, '');
}

function keysOf(catalogue: object): string[] {
  return Object.entries(catalogue).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null
      ? [key, ...keysOf(value).map((inner) => `${key}.${inner}`)]
      : [key],
  );
}
