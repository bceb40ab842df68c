import { LANGUAGES } from '../language.js';
import type { Context } from './context.js';
import type { Outcome } from './output.js';
import { parse } from './parse.js';

/** What a shell offers where a value of this kind is typed. */
export type ValueSource = 'models' | 'users' | 'scopes' | 'tasks' | 'events';

/** How the text of an option becomes a value; what it refuses is a usage error. */
export interface OptionSpec {
  /** As commander writes them: `-f, --follow`, `--port <n>`, `--no-cache`. */
  flags: string;
  description: string;
  choices?: readonly string[];
  values?: ValueSource;
  parse?: (text: string) => unknown;
}

export interface ArgumentSpec {
  /** `<text>` is required, `[text]` is not. */
  name: string;
  description: string;
  choices?: readonly string[];
  values?: ValueSource;
}

/** A command is data and a short handler; help and README's table come from the data. */
export interface CommandSpec {
  /** The words that call it, e.g. `try intent`. */
  path: string;
  summary: string;
  arguments?: readonly ArgumentSpec[];
  options?: readonly OptionSpec[];
  /** Whole command lines. */
  examples: readonly string[];
  /** Runs although the configuration has a mistake; any other command ends with exit 6 then. */
  toleratesBadConfig?: true;
  /**
   * What it makes is read by other programs or other people: only the sentences of the CLI itself are in the
   * user's language, those of the rooms below stay English.
   */
  forOthers?: (options: CommandInput['options']) => boolean;
  /** Validates, calls the library and hands the result over; nothing when it already said everything. */
  handler: (ctx: Context, input: CommandInput) => Promise<Outcome | undefined>;
}

export interface CommandInput {
  arguments: readonly (string | undefined)[];
  options: Readonly<Record<string, unknown>>;
}

/** Accepted before and after every command. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: '--json', description: 'print JSON on stdout' },
  { flags: '--no-color', description: 'no colour (NO_COLOR does the same)' },
  { flags: '--ascii', description: 'plain ASCII marks' },
  { flags: '-q, --quiet', description: 'only results and errors' },
  { flags: '--no-input', description: 'ask nothing: what would have to be asked is a usage error' },
  { flags: '-v, --verbose', description: 'traces of errors on stderr' },
  { flags: '--config <file>', description: "this file instead of the project's botllm.config.*" },
  { flags: '--base-url <url>', description: 'the engine to talk to (LLM_BASE_URL)', parse: parse.url },
  {
    flags: '--redis <url|none>',
    description: 'the Redis of cached answers and limits; none: the embedded store (REDIS_URL)',
    parse: parse.redis,
  },
  {
    flags: '--lang <language>',
    description: 'the language of the text (LC_ALL, LC_MESSAGES, LANG); JSON is English always',
    choices: LANGUAGES,
  },
  { flags: '--timeout <time>', description: 'how long to wait in all, e.g. 30s, 2m', parse: parse.duration },
];
