import { say } from '../../language.js';
import { chooseLanguage } from '../choose-language.js';
import { loadCommands } from '../commands/index.js';
import { createContext, type World } from '../context.js';
import { GLOBAL_OPTIONS, type ValueSource } from '../define.js';
import { createOutput } from '../output.js';
import { type Candidate, offer } from './candidates.js';
import { SHELLS } from './scripts.js';
import { valuesOf } from './values.js';
import { lineOf, linesFor } from './words.js';

/** Long enough for a store on another machine, short enough for somebody who types. */
const LONGEST_MS = 2_000;

/**
 * `botllm complete <shell> :<current> <word>…`, which the shells' scripts call at every Tab. Prints what fits, a line
 * each; says nothing else, whatever is wrong.
 */
export async function complete([asked, at = '', ...words]: readonly string[], world: World): Promise<void> {
  const shell = SHELLS.find((one) => one === asked);
  if (shell === undefined) return;
  await chooseLanguage([], world.env);
  const line = lineOf(shell, at.slice(1), words);
  const [first] = line.before.filter((word) => !word.startsWith('-'));
  const { known, source, prefix } = offer(
    await loadCommands(first),
    GLOBAL_OPTIONS,
    line.before,
    line.current,
  );
  const found = source ? await askedFor(source, line.before, world).catch(() => []) : [];
  const offered = [...known, ...found].map(({ value, description }) => ({
    value: `${prefix}${value}`,
    description: say(description),
  }));
  for (const text of linesFor(shell, line, offered)) world.stdout.write(`${text}\n`);
}

/** The values as the command would find them that is being typed: in the store that it names. */
async function askedFor(source: ValueSource, before: readonly string[], world: World): Promise<Candidate[]> {
  const silent = { ...world, stderr: { write: () => undefined } };
  const quiet = { json: false, quiet: true, verbose: false, noColor: true, ascii: true };
  const given = { redisUrl: typed('--redis', before), configFile: typed('--config', before) };
  const signal = AbortSignal.timeout(LONGEST_MS);
  return valuesOf(source, await createContext(silent, createOutput({ ...silent, ...quiet }), given, signal));
}

/** The value of an option, in both of its spellings; the last one counts. */
function typed(option: string, before: readonly string[]): string | undefined {
  const at = before.findLastIndex((word) => word === option || word.startsWith(`${option}=`));
  if (at < 0) return undefined;
  const [, assigned] = /^[^=]*=(.*)$/.exec(before[at] ?? '') ?? [];
  return assigned ?? before[at + 1];
}
