import { loadCommands } from './commands/index.js';
import type { CommandSpec } from './define.js';
import { firstWord, wordsOf } from './first-word.js';

/** The commands that a command line may mean. The list of them all needs only what it says of each. */
export function commandsOf(argv: readonly string[]): Promise<CommandSpec[]> {
  const [first, about, ...more] = wordsOf(argv);
  const isHelp = first === 'help' || first === '--help' || first === '-h';
  if (first === undefined || (isHelp && about === undefined)) return listed();
  // `help up` is answered by `up`.
  return loadCommands(first === 'help' ? firstWord([about ?? '', ...more]) : firstWord(argv));
}

async function listed(): Promise<CommandSpec[]> {
  const { LISTED } = await import('./commands/listed.js');
  return LISTED.map(({ path, summary, arguments: names = [] }) => ({
    path,
    summary,
    arguments: names.map((name) => ({ name, description: '' })),
    examples: [],
    handler: () => Promise.reject(new Error(`${path} was only listed`)),
  }));
}
