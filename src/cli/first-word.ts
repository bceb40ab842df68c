import { GLOBAL_OPTIONS } from './define.js';

/** The global options that take no value, as they may be typed. */
const FLAGS = new Set(
  GLOBAL_OPTIONS.filter(({ flags }) => !flags.includes('<')).flatMap(({ flags }) => flags.split(', ')),
);

const VALUED = new Set(
  GLOBAL_OPTIONS.filter(({ flags }) => flags.includes('<')).map(({ flags }) => flags.split(' ')[0]),
);

/** Nothing but global options, each with its value: no command is named. */
export function namesNothing(argv: readonly string[]): boolean {
  let isValue = false;
  const all = argv.every((word) => {
    const takesValue = !isValue && VALUED.has(word);
    const isFine = isValue || takesValue || FLAGS.has(word) || VALUED.has(/^(--[^=]+)=/.exec(word)?.[1]);
    isValue = takesValue;
    return isFine;
  });
  return all && !isValue;
}

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
