import { GLOBAL_OPTIONS } from './define.js';

/** The global options that take no value, as they may be typed. */
const FLAGS = new Set(
  GLOBAL_OPTIONS.filter(({ flags }) => !flags.includes('<')).flatMap(({ flags }) => flags.split(', ')),
);

/** A command line without the flags and `--lang` that may stand anywhere in it. */
export function wordsOf(argv: readonly string[]): string[] {
  return argv.filter(
    (word, at) => !FLAGS.has(word) && !word.startsWith('--lang') && argv[at - 1] !== '--lang',
  );
}

/** The command's first word, where it is plain which word that is: only flags and `--lang` may stand before it. */
export function firstWord(argv: readonly string[]): string | undefined {
  const [first] = wordsOf(argv);
  return first?.startsWith('-') ? undefined : first;
}
