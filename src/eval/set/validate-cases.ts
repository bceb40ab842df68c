import { seeded } from '../../bench/statistics/random.js';
import type { Lang, ValidateCase } from './cases.js';

/** The day that all cases count from. */
export const TODAY = new Date(2030, 5, 3, 12);

type Draw = () => number;
/** One thing that a bot asks for, and how inputs are made that are right or wrong for it. */
interface Recipe {
  expectation: Readonly<Record<Lang, string>>;
  right: (draw: Draw, lang: Lang) => string;
  wrong: (draw: Draw, lang: Lang) => string;
}

/** So many of each: right and wrong, in both languages. */
const ROUNDS = 3;
const SEED = 20_300_603;

const whole = (draw: Draw, from: number, to: number) => from + Math.floor(draw() * (to - from + 1));
const pick = <T>(draw: Draw, first: T, ...rest: readonly T[]): T =>
  [first, ...rest][Math.floor(draw() * (rest.length + 1))] ?? first;
const digits = (draw: Draw, count: number) => Array.from({ length: count }, () => whole(draw, 0, 9)).join('');
const two = (value: number) => String(value).padStart(2, '0');
const date = (day: number, month: number, year: number) => `${two(day)}.${two(month)}.${year}`;

const NAMES = {
  ru: ['Мария', 'Олег', 'Зинаида', 'Тимур', 'Ася'],
  en: ['Maria', 'Oscar', 'Zoe', 'Tim', 'Iris'],
};
const FAMILIES = {
  ru: ['Котова', 'Юрченко', 'Белых', 'Гусев', 'Шварц'],
  en: ['Carter', 'Young', 'Bell', 'Goose', 'Schwartz'],
};

const RECIPES: readonly Recipe[] = [
  {
    expectation: { ru: 'номер телефона', en: 'a phone number' },
    right: (draw) => `+7 9${digits(draw, 2)} ${digits(draw, 3)}-${digits(draw, 2)}-${digits(draw, 2)}`,
    wrong: (draw, lang) =>
      pick(
        draw,
        digits(draw, 4),
        lang === 'ru' ? 'позвоню сам' : 'I will call',
        `+7 9${digits(draw, 2)} abc`,
      ),
  },
  {
    expectation: { ru: 'адрес электронной почты', en: 'an e-mail address' },
    right: (draw) =>
      `user${digits(draw, 3)}@${pick(draw, 'mail', 'post', 'inbox')}.${pick(draw, 'ru', 'com')}`,
    wrong: (draw) =>
      pick(draw, `user${digits(draw, 2)}@mail`, `user${digits(draw, 2)}.mail.ru`, 'a@@b.ru', '@'),
  },
  {
    expectation: { ru: 'дата в формате ДД.ММ.ГГГГ', en: 'a date as DD.MM.YYYY' },
    right: (draw) => date(whole(draw, 1, 28), whole(draw, 1, 12), whole(draw, 2030, 2032)),
    wrong: (draw) =>
      pick(
        draw,
        date(31, 4, 2031),
        date(30, 2, 2032),
        `2031-0${whole(draw, 1, 9)}-11`,
        '15/07',
        date(9, 13, 2030),
      ),
  },
  {
    expectation: { ru: 'время записи в формате YYYY-MM-DD HH:MM', en: 'date and time as YYYY-MM-DD HH:MM' },
    right: (draw) =>
      `2031-${two(whole(draw, 1, 12))}-${two(whole(draw, 1, 28))} ${two(whole(draw, 0, 23))}:30`,
    wrong: (draw, lang) =>
      pick(
        draw,
        lang === 'ru' ? 'завтра в 3 дня' : 'tomorrow at 3',
        '2031-02-30 10:00',
        '2031-05-05',
        '10:00',
      ),
  },
  {
    expectation: { ru: 'целое число от 1 до 12', en: 'a whole number from 1 to 12' },
    right: (draw) => String(whole(draw, 1, 12)),
    wrong: (draw, lang) =>
      pick(draw, String(whole(draw, 13, 99)), '0', '2.5', lang === 'ru' ? 'много' : 'a lot', '-3'),
  },
  {
    expectation: { ru: 'ссылка на сайт', en: 'a link' },
    right: (draw) => `https://shop${digits(draw, 2)}.example.com/${pick(draw, 'a', 'b', 'c?d=1')}`,
    wrong: (draw, lang) =>
      pick(draw, lang === 'ru' ? 'сайт магазина' : 'their site', 'https://', 'htp:/x.ru'),
  },
  // From here on there is no format to check, or more than a format: the model decides.
  {
    expectation: { ru: 'ответ: да или нет', en: 'the answer yes or no' },
    right: (draw, lang) => (lang === 'ru' ? pick(draw, 'да', 'нет', 'Да!') : pick(draw, 'yes', 'no', 'Yes!')),
    wrong: (draw, lang) =>
      lang === 'ru'
        ? pick(draw, 'может быть', 'в четверг', '42')
        : pick(draw, 'perhaps', 'on Thursday', '42'),
  },
  {
    expectation: { ru: 'имя и фамилия', en: 'first name and family name' },
    right: (draw, lang) => {
      const [a, ...as] = NAMES[lang];
      const [b, ...bs] = FAMILIES[lang];
      return `${pick(draw, a ?? '', ...as)} ${pick(draw, b ?? '', ...bs)}`;
    },
    wrong: (draw, lang) => {
      const [a, ...as] = NAMES[lang];
      return pick(
        draw,
        pick(draw, a ?? '', ...as),
        digits(draw, 5),
        lang === 'ru' ? 'не скажу' : 'not telling',
      );
    },
  },
  {
    expectation: {
      ru: 'дата не раньше 10.06.2030 в формате ДД.ММ.ГГГГ',
      en: 'a date as DD.MM.YYYY, not before 10.06.2030',
    },
    right: (draw) => date(whole(draw, 11, 28), whole(draw, 6, 12), whole(draw, 2030, 2031)),
    wrong: (draw) => date(whole(draw, 1, 28), whole(draw, 1, 5), whole(draw, 2029, 2030)),
  },
  {
    expectation: { ru: 'город', en: 'a city' },
    right: (draw, lang) =>
      lang === 'ru'
        ? pick(draw, 'Самара', 'Тверь', 'Омск', 'Пермь')
        : pick(draw, 'Boston', 'Leeds', 'Oslo', 'Lima'),
    wrong: (draw, lang) =>
      lang === 'ru'
        ? pick(draw, 'пылесос', 'тридцать два', 'оплата картой')
        : pick(draw, 'vacuum cleaner', 'thirty-two', 'by card'),
  },
  {
    expectation: { ru: 'чётное целое число', en: 'an even whole number' },
    right: (draw) => String(2 * whole(draw, 1, 400)),
    wrong: (draw) => String(2 * whole(draw, 1, 400) + 1),
  },
];

/** Right and wrong inputs for each recipe, in both languages, always the same. */
export function validateCases(): ValidateCase[] {
  const draw = seeded(SEED);
  const cases: ValidateCase[] = [];
  for (const [at, recipe] of RECIPES.entries()) {
    for (const lang of ['ru', 'en'] as const) {
      const seen = new Set<string>();
      for (const valid of [true, false]) {
        for (let found = 0; found < ROUNDS; ) {
          const input = recipe[valid ? 'right' : 'wrong'](draw, lang);
          if (seen.has(input)) continue;
          seen.add(input);
          found += 1;
          const id = `validate-${lang}-${two(at + 1)}-${valid ? 'right' : 'wrong'}-${found}`;
          cases.push({ task: 'validate', id, lang, input, expectation: recipe.expectation[lang], valid });
        }
      }
    }
  }
  return cases;
}
