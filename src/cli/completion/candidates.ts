import type { CommandSpec, OptionSpec, ValueSource } from '../define.js';

export interface Candidate {
  value: string;
  description: string;
}

/** What may stand where the cursor is: words that are known at once, and a kind of value that must be asked for. */
export interface Offer {
  known: Candidate[];
  source?: ValueSource | undefined;
  /** Stands before every value, and is no part of it (`--model=`). */
  prefix: string;
}

/**
 * What can come next on a command line.
 * @param words those before the cursor, without the program's name
 * @param current the beginning of the word at the cursor
 */
export function offer(
  specs: readonly CommandSpec[],
  globals: readonly OptionSpec[],
  words: readonly string[],
  current: string,
): Offer {
  const { path, rest, awaiting } = read(specs, globals, words);
  const [first] = path;
  if (first === HELP.value) return { known: below(specs, [...path.slice(1), ...rest]), prefix: '' };
  const spec = specs.find((one) => one.path === path.join(' '));
  const options = [
    ...(spec?.options ?? []),
    ...globals,
    ...(path.length === 0 ? [VERSION] : []),
    HELP_OPTION,
  ];
  if (awaiting && (takesValue(awaiting) || !current.startsWith('-'))) return valuesOf(awaiting, '');
  const [, long, name] = /^(--([\w-]+)=)/.exec(current) ?? [];
  const assigned = name === undefined ? undefined : options.find((one) => namesOf(one).includes(`--${name}`));
  if (long !== undefined && assigned) return valuesOf(assigned, long);
  if (current.startsWith('-')) return { known: options.flatMap(asCandidates), prefix: '' };
  const argument = spec?.arguments?.[rest.length];
  const known = [
    ...(rest.length === 0 ? below(specs, path) : []),
    ...(path.length + rest.length === 0 ? [HELP] : []),
    ...(argument?.choices ?? []).map((value) => ({ value, description: '' })),
  ];
  return { known, source: argument?.values, prefix: '' };
}

/** What commander adds of its own. */
const HELP: Candidate = { value: 'help', description: 'display help for command' };
const HELP_OPTION: OptionSpec = { flags: '-h, --help', description: 'print this help' };
const VERSION: OptionSpec = { flags: '-V, --version', description: 'print the version' };

interface Read {
  /** The command's words so far. */
  path: string[];
  /** Its arguments so far. */
  rest: string[];
  /** The option whose value comes next. */
  awaiting?: OptionSpec | undefined;
}

function read(specs: readonly CommandSpec[], globals: readonly OptionSpec[], words: readonly string[]): Read {
  const path: string[] = [];
  const rest: string[] = [];
  let awaiting: OptionSpec | undefined;
  for (const word of words) {
    if (awaiting && (takesValue(awaiting) || !word.startsWith('-'))) {
      awaiting = undefined;
    } else if (word.startsWith('-')) {
      const spec = specs.find((one) => one.path === path.join(' '));
      const option = [...(spec?.options ?? []), ...globals].find((one) => namesOf(one).includes(word));
      awaiting = option && (takesValue(option) || mayTakeValue(option)) ? option : undefined;
    } else if (rest.length === 0 && isCommand(specs, path, word)) {
      path.push(word);
    } else {
      rest.push(word);
    }
  }
  return { path, rest, awaiting };
}

/** The words that may follow those of a command or a group, each with its help. */
function below(specs: readonly CommandSpec[], path: readonly string[]): Candidate[] {
  const found = new Map<string, string>();
  for (const spec of specs) {
    const own = spec.path.split(' ');
    const next = own[path.length];
    if (next === undefined || !path.every((word, i) => word === own[i])) continue;
    if (own.length === path.length + 1) found.set(next, spec.summary);
    else if (!found.has(next)) found.set(next, '');
  }
  return [...found].map(([value, description]) => ({ value, description }));
}

function valuesOf({ choices = [], values }: OptionSpec, prefix: string): Offer {
  return { known: choices.map((value) => ({ value, description: '' })), source: values, prefix };
}

function asCandidates(option: OptionSpec): Candidate[] {
  return namesOf(option)
    .filter((name) => name.startsWith('--'))
    .map((value) => ({ value, description: option.description }));
}

function namesOf({ flags }: OptionSpec): string[] {
  return flags.split(', ').map((flag) => flag.split(' ')[0] ?? flag);
}

function isCommand(specs: readonly CommandSpec[], path: readonly string[], word: string): boolean {
  return (path.length === 0 && word === HELP.value) || below(specs, path).some(({ value }) => value === word);
}

/** `--event [name]`: what comes next is its value, unless it is another option. */
function mayTakeValue({ flags }: OptionSpec): boolean {
  return flags.includes('[');
}

function takesValue({ flags }: OptionSpec): boolean {
  return flags.includes('<');
}
