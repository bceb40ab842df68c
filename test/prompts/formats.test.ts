import { describe, expect, it } from 'vitest';
import { readRelative } from '../../src/prompts/formats/relative-date.js';
import { expectedFormats, verdictOn } from '../../src/prompts/formats/verdict.js';

const verdict = (expectation: string, input: string) => verdictOn(input, expectedFormats(expectation));
const GUIDE = 'дата и время в формате YYYY-MM-DD HH:MM';

/** An expectation, what keeps its format, and what does not. */
const KNOWN: [string, string[], string[]][] = [
  [
    GUIDE,
    ['2025-03-05 15:00', ' 2024-02-29 00:00 ', '2000-02-29 23:59'],
    [
      'завтра в 3 дня',
      '2025-3-5 15:00',
      '2025-03-05',
      '2025-03-05T15:00',
      '05.03.2025 15:00',
      '٢٠٢٥-٠٣-٠٥ ١٥:٠٠',
    ],
  ],
  ['date as DD.MM.YYYY', ['31.12.2025'], ['31/12/2025', '1.1.2025', '31.12.25']],
  ['дата (ДД.ММ.ГГГГ)', ['05.03.2025'], ['5 марта']],
  ['введите дату в виде дд/мм/гг.', ['05/03/25'], ['05/03/2025']],
  ['D.M.YYYY H:MM', ['5.3.2025 9:05', '15.12.2025 9:05'], ['5.3.2025 9:5']],
  ['время HH:MM', ['00:00', '23:59'], ['9:00', '12-30', 'в 9 утра']],
  ['время в формате ЧЧ:ММ', ['09:30'], ['полдень']],
  ['datetime like %Y-%m-%dT%H:%M:%S', ['2025-03-05T15:00:07'], ['2025-03-05 15:00:07']],
  ['дата ДД.ММ.ГГГГ или YYYY-MM-DD', ['05.03.2025', '2025-03-05'], ['03/05/2025']],
  [
    'адрес электронной почты',
    ['a@b.co', 'иван@почта.рф', 'a.b+c@x-y.example.com'],
    ['a@b', 'a b@c.com', '@b.com', 'a..b@c.com', '.a@c.com', 'a@b.com и ещё', 'a@-b.com', 'нет'],
  ],
  ['your e-mail', ['x@example.com'], ['x@example', 'x.example.com']],
  [
    'номер телефона',
    ['+7 (999) 123-45-67', '89991234567'],
    ['999-12', 'позвоните мне', '+7 999 123 45 67 доб. 1', '1'.repeat(16)],
  ],
  ['a phone number', ['+1 202 555 0143'], ['my number']],
  [
    'ссылка на сайт',
    ['https://example.com/a?b=c', 'http://пример.рф'],
    ['example.com', 'ftp://example.com', 'https://', 'https://a b.com', 'javascript:alert(1)'],
  ],
  ['целое число', ['0', '-7', '−7', '+3', '1 000'], ['1.5', '7 штук', 'семь', '1e3', '0x10', '']],
  ['число', ['3,5', '-0.25', '1 000 000'], ['3,5 кг', '1,2,3', 'NaN', 'Infinity']],
  ['целое число от 1 до 10', ['1', '10'], ['0', '11', '5.5']],
  ['a number between 0.5 and 2', ['0.5', '1,9'], ['0.4', '2.1']],
  ['whole number, at least 18', ['18'], ['17']],
  ['число не меньше 5, не больше 9', ['5', '9'], ['4', '10']],
  ['положительное целое число', ['1'], ['0', '-1']],
  ['email или телефон', ['a@b.co', '+79991234567'], ['Анна']],
];

describe('the format that an expectation names', () => {
  it.each(KNOWN)('%s: decides alone', (expectation, right, wrong) => {
    for (const input of right) expect([input, verdict(expectation, input)]).toEqual([input, { valid: true }]);
    for (const input of wrong) expect([input, verdict(expectation, input)?.valid]).toEqual([input, false]);
  });

  it.each([
    '2025-02-29 10:00',
    '1900-02-29 10:00',
    '2025-04-31 10:00',
    '2025-13-01 10:00',
    '2025-00-10 10:00',
    '2025-01-00 10:00',
    '2025-01-01 24:00',
    '2025-01-01 10:60',
  ])('asks the calendar, not only the shape: %s', (input) =>
    expect(verdict(GUIDE, input)).toEqual({ valid: false, why: 'calendar' }),
  );

  it('agrees with the calendar of the runtime on every day of 1896 to 2104', () => {
    for (let year = 1896; year <= 2104; year += 1) {
      for (let month = 1; month <= 12; month += 1) {
        for (const day of [28, 29, 30, 31]) {
          const text = `${year}-${String(month).padStart(2, '0')}-${day}`;
          const exists = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
          expect([text, verdict('YYYY-MM-DD', text)?.valid]).toEqual([text, exists]);
        }
      }
    }
  });

  it.each([
    'имя и фамилия',
    'имя и телефон',
    'name and e-mail',
    'имя, телефон',
    'не телефон',
    'any text without a link',
    'номер заказа',
    'order number',
    'скорость в мм/с',
    'время HH:MM AM',
    'YYYY-MM-DDTHH:MM:SSZ',
    'YYYY-MM-DD HH:MM+03:00',
    'имя и дата DD.MM.YYYY',
    'любой цвет',
    '',
  ])('is left to the model where there is none, or only a part of it: %s', (expectation) =>
    expect(expectedFormats(expectation)).toBeNull(),
  );

  it.each([
    ['дата DD.MM.YYYY не раньше завтра', '05.03.2025'],
    ['a future date, YYYY-MM-DD', '2025-03-05'],
    ['целое число из 4 цифр', '12345'],
    ['e-mail на корпоративном домене', 'a@b.co'],
  ])('settles what breaks it, not what the rest of the expectation says: %s', (expectation, kept) => {
    expect(verdict(expectation, kept)).toBeNull();
    expect(verdict(expectation, 'ерунда')).toEqual({ valid: false, why: 'shape' });
  });

  it('judges a megabyte in no time', () => {
    for (const [expectation] of KNOWN) {
      for (const piece of ['1', 'a', 'a.', '@', '9:', ' ', '{', '٣']) {
        expect(verdict(expectation, piece.repeat(1_000_000 / piece.length))?.valid).not.toBe(true);
      }
    }
    expect(() => expectedFormats('YYYY-'.repeat(20_000))).not.toThrow();
  });
});

describe('a relative date', () => {
  const TUESDAY = new Date(2025, 2, 4, 12, 30);
  it.each([
    ['завтра в 3 дня', '2025-3-5 15:0'],
    ['послезавтра в 9 утра', '2025-3-6 9:0'],
    ['сегодня в 7 вечера', '2025-3-4 19:0'],
    ['Завтра в 15:45', '2025-3-5 15:45'],
    ['через 3 дня в полдень', '2025-3-7 12:0'],
    ['в пятницу к 18', '2025-3-7 18:0'],
    ['во вторник', '2025-3-11 undefined:undefined'],
    ['завтра в 12 ночи', '2025-3-5 0:0'],
    ['в 12 дня', 'undefined-undefined-undefined 12:0'],
    ['tomorrow at 3pm', '2025-3-5 15:0'],
    ['the day after tomorrow at 12 am', '2025-3-6 0:0'],
    ['in 28 days at noon', '2025-4-1 12:0'],
    ['next Sunday', '2025-3-9 undefined:undefined'],
    ['когда-нибудь', 'undefined-undefined-undefined undefined:undefined'],
    ['завтра в 25:00', '2025-3-5 undefined:undefined'],
  ])('%s', (text, expected) => {
    const { year, month, day, hour, minute } = readRelative(text, TUESDAY);
    expect(`${year}-${month}-${day} ${hour}:${minute}`).toBe(expected);
  });

  it('counts over the end of a month, a year and February', () => {
    expect(readRelative('завтра', new Date(2024, 1, 28))).toMatchObject({ month: 2, day: 29 });
    expect(readRelative('завтра', new Date(2025, 11, 31, 23, 59))).toEqual({ year: 2026, month: 1, day: 1 });
  });
});
