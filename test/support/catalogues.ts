import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const SRC = path.resolve(import.meta.dirname, '../../src');

/** One catalogue of sentences, and what stands for it in Russian. */
export interface Twin {
  /** `client/messages.ts MESSAGES` */
  name: string;
  english: object;
  russian: object;
}

/** Every file of messages that has a Russian one beside it, export by export. */
export async function twins(): Promise<Twin[]> {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('messages.ru.ts'))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
  const found = await Promise.all(
    files.map(async (file) => {
      const russian = (await import(path.join(SRC, file))) as Record<string, object>;
      const source = file.replace('.ru.ts', '.ts');
      const english = (await import(path.join(SRC, source))) as Record<string, object>;
      return Object.keys(russian).map((key) => ({
        name: `${source} ${key}`,
        english: english[key] ?? {},
        russian: russian[key] ?? {},
      }));
    }),
  );
  return found.flat();
}

/** The files that hold a catalogue, and have no Russian one beside them. */
export function withoutTwin(): string[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).map((file) =>
    file.split(path.sep).join('/'),
  );
  return files
    .filter((file) => file.endsWith('messages.ts') && !files.includes(file.replace('.ts', '.ru.ts')))
    .filter((file) => readFileSync(path.join(SRC, file), 'utf8').includes('inLanguage('))
    .sort();
}

/** What is said by every key, in both languages; a function is asked with arguments that can be found again. */
export function sayings(twin: Twin): { key: string; english: string; russian: string }[] {
  return pairs(twin.english, twin.russian, '');
}

function pairs(english: unknown, russian: unknown, key: string): ReturnType<typeof sayings> {
  if (typeof english === 'string' && typeof russian === 'string') return [{ key, english, russian }];
  if (typeof english === 'function' && typeof russian === 'function') {
    const [left, right] = asked(english as Sentence, russian as Sentence, key);
    return pairs(left, right, `${key}()`);
  }
  if (english instanceof Error && russian instanceof Error) {
    const textOf = ({ message, detail, hint }: Error & { detail?: string; hint?: string }) => ({
      message,
      detail,
      hint,
    });
    return pairs(textOf(english), textOf(russian), key);
  }
  if (typeof english !== 'object' || english === null) return [];
  return Object.keys(english).flatMap((inner) =>
    pairs(
      (english as Record<string, unknown>)[inner],
      (russian as Record<string, unknown>)[inner],
      `${key}.${inner}`,
    ),
  );
}

type Sentence = (...args: unknown[]) => unknown;

/** The types of arguments are gone at run time: tries kinds until both languages can say it. */
function asked(english: Sentence, russian: Sentence, key: string): [unknown, unknown] {
  for (const args of combinations(Math.max(english.length, russian.length))) {
    try {
      const said = [english(...args), russian(...args)] as const;
      const texts = said.map((one) => (one instanceof Error ? one.message : JSON.stringify(one)) ?? '');
      if (texts.every((text) => !/undefined|NaN|\[object/.test(text))) return [said[0], said[1]];
    } catch {
      // Not these kinds of arguments.
    }
  }
  throw new Error(`no arguments were found for ${key}`);
}

function combinations(count: number): unknown[][] {
  const kinds = (at: number) => [
    4107 + 1111 * at,
    `probe${'abcdefgh'[at]}`,
    [`probe${'abcdefgh'[at]}`, 'probez'],
    anyObject(),
    [anyObject()],
    anyObject(true),
    true,
  ];
  let all: unknown[][] = [[]];
  for (let at = 0; at < count; at++) all = all.flatMap((some) => kinds(at).map((kind) => [...some, kind]));
  return all;
}

/** Whatever is asked of it is a number of its own. */
function anyObject(holdsLists = false): object {
  const number = (key: string) =>
    [...key].reduce((sum, letter) => sum * 3 + letter.charCodeAt(0), 0) % 89_999;
  return new Proxy(
    {},
    {
      get: (_, key) => {
        if (typeof key !== 'string' || key === 'toJSON') return undefined;
        return holdsLists ? numberOrPair(number(key)) : number(key);
      },
    },
  );
}

/** A number where one is asked for, and a pair of numbers where it is taken apart. */
function numberOrPair(value: number): object {
  return Object.assign(Object(value), {
    length: value,
    *[Symbol.iterator]() {
      yield value;
      yield value + 1;
    },
  }) as object;
}
