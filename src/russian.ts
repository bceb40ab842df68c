/** What Russian asks of a sentence with figures in it; used by the translations alone. */

const plural = new Intl.PluralRules('ru');
const figures = new Intl.NumberFormat('ru');

/** The word in the form that `count` asks for: 1 вызов, 2 вызова, 5 вызовов (CLDR: one, few, many). */
export function form(count: number, one: string, few: string, many: string): string {
  const forms: Partial<Record<Intl.LDMLPluralRule, string>> = { one, few, many };
  // A fraction (CLDR: other) takes the genitive singular: 1,5 вызова.
  return forms[plural.select(count)] ?? few;
}

/** `5 вызовов`. */
export function counted(count: number, one: string, few: string, many: string): string {
  return `${figures.format(count)} ${form(count, one, few, many)}`;
}

/** A number as a Russian reader writes it: `12 345,6`. */
export function figure(value: number): string {
  return figures.format(value);
}
