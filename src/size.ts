import prettyBytes, { type Options } from 'pretty-bytes';
import { language } from './language.js';

const RUSSIAN_UNITS: Readonly<Record<string, string>> = {
  B: 'Б',
  k: 'к',
  K: 'К',
  M: 'М',
  G: 'Г',
  T: 'Т',
  P: 'П',
  i: 'и',
};

/** Bytes for a person: `1.28 GB`, decimal unless `binary`, in the language of the process. */
export function prettySize(bytes: number, options: Options = {}): string {
  if (language() === 'en') return prettyBytes(bytes, options);
  const [number = '', unit = ''] = prettyBytes(bytes, { ...options, locale: language() }).split(' ');
  return `${number} ${unit.replace(/[A-Za-z]/g, (letter) => RUSSIAN_UNITS[letter] ?? letter)}`;
}
