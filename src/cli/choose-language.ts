import { LANGUAGES, type Language, speak } from '../language.js';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Chooses what the process speaks. A language that is not English is loaded here, so that nobody else waits for it.
 * @returns for a command whose words others read: leaves the rooms below the CLI in English
 */
export async function chooseLanguage(argv: readonly string[], env: Env): Promise<() => void> {
  if (languageOf(argv, env) === 'en') {
    speak('en');
    return () => undefined;
  }
  const { RUSSIAN, ownWords } = await import('./russian.js');
  speak('ru', RUSSIAN);
  return () => speak('ru', ownWords());
}

/** JSON is English; else `--lang`, and then the variables in the order that POSIX gives them. */
export function languageOf(argv: readonly string[], env: Env): Language {
  if (argv.includes('--json')) return 'en';
  // Known before the command line is parsed, because help and usage errors are text as well.
  const at = argv.findLastIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const typed = argv[at]?.split('=')[1] ?? argv[at + 1];
  const asked = at < 0 ? undefined : LANGUAGES.find((one) => one === typed);
  if (asked) return asked;
  const [locale] = [env.LC_ALL, env.LC_MESSAGES, env.LANG].filter((value) => value);
  return /^ru($|[_.@-])/i.test(locale ?? '') ? 'ru' : 'en';
}
