import type { DateParts } from './date-pattern.js';

/** Longer texts are no dates. */
const MAX_CHARS = 200;
const NOT_IN_WORD = (words: string) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})(?!\\p{L})`, 'iu');

/** Days from today. "Послезавтра" holds "завтра", so it comes first. */
const DAYS: readonly (readonly [RegExp, number])[] = [
  [NOT_IN_WORD('послезавтра|(?:the )?day after tomorrow'), 2],
  [NOT_IN_WORD('завтра|tomorrow'), 1],
  [NOT_IN_WORD('сегодня|today|tonight'), 0],
  [NOT_IN_WORD('вчера|yesterday'), -1],
  [NOT_IN_WORD('через неделю|in (?:a|one) week'), 7],
];
const IN_DAYS = NOT_IN_WORD('(?:через|in)\\s+(\\d{1,3})\\s+(?:дн(?:я|ей)|день|days?)');
const WEEKDAYS = [
  'воскресень[еяю]|sunday',
  'понедельник\\p{L}{0,2}|monday',
  'вторник\\p{L}{0,2}|tuesday',
  'сред[ауеы]|wednesday',
  'четверг\\p{L}{0,2}|thursday',
  'пятниц[ауеы]|friday',
  'суббот[ауеы]|saturday',
].map(NOT_IN_WORD);

const CLOCK = /(?<!\d)(\d{1,2}):(\d{2})(?!\d)/u;
const HOUR_OF_PART = NOT_IN_WORD(
  '(\\d{1,2})\\s*(?:час\\p{L}*\\s+)?(утра|дня|вечера|ночи|a\\.?m\\.?|p\\.?m\\.?)',
);
const BARE_HOUR = NOT_IN_WORD('(?:в|к|at)\\s+(\\d{1,2})(?![\\d.:])(?:\\s*час\\p{L}*)?');

/**
 * What a simple phrase such as "завтра в 3 дня" or "on Friday at 5pm" means on the day `now` (local time): the
 * day, the time, or both, as far as it says them.
 */
export function readRelative(text: string, now: Date): DateParts {
  if (text.length > MAX_CHARS) return {};
  const { days, rest } = takeDays(text, now);
  const time = timeIn(rest);
  if (days === null) return time;
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  return { year: day.getFullYear(), month: day.getMonth() + 1, day: day.getDate(), ...time };
}

/** The day's words are taken out: the "3 дня" of "через 3 дня" is no hour. */
function takeDays(text: string, now: Date): { days: number | null; rest: string } {
  const inDays = IN_DAYS.exec(text);
  if (inDays) return { days: Number(inDays[1]), rest: text.replace(IN_DAYS, ' ') };
  for (const [pattern, days] of DAYS)
    if (pattern.test(text)) return { days, rest: text.replace(pattern, ' ') };
  const weekday = WEEKDAYS.findIndex((pattern) => pattern.test(text));
  // The next one: said on a Friday, "Friday" is a week away.
  if (weekday >= 0) return { days: ((weekday - now.getDay() + 6) % 7) + 1, rest: text };
  return { days: null, rest: text };
}

function timeIn(text: string): Pick<DateParts, 'hour' | 'minute' | 'second'> {
  const clock = CLOCK.exec(text);
  if (clock) return timeOf(Number(clock[1]), Number(clock[2]));
  const part = HOUR_OF_PART.exec(text);
  if (part) return timeOf(hourOf(Number(part[1]), (part[2] ?? '').toLowerCase().replaceAll('.', '')));
  if (NOT_IN_WORD('полдень|noon').test(text)) return timeOf(12);
  if (NOT_IN_WORD('полночь|midnight').test(text)) return timeOf(0);
  const bare = BARE_HOUR.exec(text);
  return bare ? timeOf(Number(bare[1])) : {};
}

function timeOf(hour: number, minute = 0): Pick<DateParts, 'hour' | 'minute' | 'second'> {
  return hour <= 23 && minute <= 59 ? { hour, minute, second: 0 } : {};
}

function hourOf(hour: number, part: string): number {
  if (hour > 12) return hour;
  if (part === 'утра' || part === 'am') return hour % 12;
  if (part === 'pm') return (hour % 12) + 12;
  if (part === 'дня') return hour <= 6 ? hour + 12 : hour;
  if (part === 'вечера') return (hour % 12) + 12;
  // Of the night: 12 is midnight, 10 and 11 come before it.
  return hour === 12 ? 0 : hour >= 10 ? hour + 12 : hour;
}
