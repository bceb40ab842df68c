/** The languages in which the command line speaks to people. JSON, files and the wire are English always. */
export const LANGUAGES = ['en', 'ru'] as const;

export type Language = (typeof LANGUAGES)[number];

/** The shape of a catalogue whatever its language: the same keys, the same arguments. */
export type Words<T> = T extends string
  ? string
  : T extends Error
    ? T
    : T extends (...args: infer A) => infer R
      ? (...args: A) => Words<R>
      : T extends object
        ? { readonly [K in keyof T]: Words<T[K]> }
        : T;

/** What another language says in place of English. */
export interface Translation {
  /** Catalogues by the name that `inLanguage` gave them. */
  catalogues: Readonly<Record<string, object>>;
  /** Texts that lie in data (help, settings, checks), by the English text. */
  texts: Readonly<Record<string, string>>;
}

const ENGLISH: Translation = { catalogues: {}, texts: {} };
let chosen: { language: Language; words: Translation } = { language: 'en', words: ENGLISH };

/**
 * A catalogue that speaks the language of the process at the moment of use. English, which the code itself holds,
 * stands until somebody chooses otherwise: the library never does.
 * @param name the room, unique in the program; its translation lies beside it
 */
export function inLanguage<T extends object>(name: string, english: T): Words<T> {
  return new Proxy(english, {
    get: (target, key) => Reflect.get(chosen.words.catalogues[name] ?? target, key) as unknown,
  }) as Words<T>;
}

/** A text of data in the language of the process; one without a translation stays as it is. */
export function say(english: string): string {
  return chosen.words.texts[english] ?? english;
}

/** Chooses for the whole process what is said from now on. */
export function speak(language: Language, words: Translation = ENGLISH): void {
  chosen = { language, words };
}

/** The language of the process. */
export function language(): Language {
  return chosen.language;
}
