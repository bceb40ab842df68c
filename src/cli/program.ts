import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { say } from '../language.js';
import { nearest } from '../models/nearest.js';
import {
  type ArgumentSpec,
  type CommandInput,
  type CommandSpec,
  GLOBAL_OPTIONS,
  type OptionSpec,
} from './define.js';
import { wordsOf } from './first-word.js';

export interface ProgramOptions {
  commands: readonly CommandSpec[];
  version: string;
  /** Help and version that were asked for. */
  writeOut: (text: string) => void;
  /** The help that answers a command line without a command. */
  writeHint: (text: string) => void;
  /** Runs the chosen command. */
  run: (spec: CommandSpec, input: CommandInput) => Promise<void>;
}

/** Words that only group commands, with their one line of help. */
const GROUPS: Readonly<Record<string, string>> = {
  try: 'run a prompt config against the model',
  config: 'show, check and begin the configuration',
};

/** Builds the command tree out of the specs; usage errors are thrown as CommanderError. */
export function createProgram({ commands, version, writeOut, writeHint, run }: ProgramOptions): Command {
  // commander prints its own `error: …` lines through the same hook; ours are three lines, or JSON.
  const writeErr = (text: string) => (text.startsWith('error:') ? undefined : writeHint(text));
  const prepare = (command: Command): Command => {
    for (const option of GLOBAL_OPTIONS) command.addOption(toOption(option).helpGroup('Everywhere:'));
    return command
      .exitOverride((error) => {
        // Whose help answers the mistake; commander does not say.
        throw Object.assign(error, { cause: lineOf(command) });
      })
      .configureOutput({ writeOut, writeErr })
      .configureHelp({
        ...command.configureHelp(),
        styleTitle: say,
        styleUsage: (usage) =>
          usage.replace('[options]', say('[options]')).replace('[command]', say('[command]')),
        styleDescriptionText: saidChoices,
      })
      .helpOption('-h, --help', say('print this help'))
      .helpCommand(false);
  };
  const root = prepare(new Command('botllm'))
    .description(say('A local language model for bots: bring it up, try prompts against it, keep it honest.'))
    .version(version, '-V, --version', say('print the version'))
    .usage(say('<command> [options]'))
    // Else a command would take, and lose, the options of those below it.
    .enablePositionalOptions();
  const groupOf = (words: readonly string[]): Command =>
    words.reduce<Command>((parent, word) => {
      const existing = parent.commands.find((command) => command.name() === word);
      return existing ?? prepare(parent.command(word)).description(say(GROUPS[word] ?? ''));
    }, root);

  for (const spec of commands) {
    const command = groupOf(spec.path.split(' '));
    command.description(say(spec.summary));
    for (const argument of spec.arguments ?? []) command.addArgument(toArgument(argument));
    const isAbove = commands.some(({ path }) => path.startsWith(`${spec.path} `));
    for (const option of spec.options ?? []) command.addOption(isAbove ? asTyped(option) : toOption(option));
    command.addHelpText(
      'after',
      `\n${say('Examples:')}\n${spec.examples.map((line) => `  ${line}`).join('\n')}`,
    );
    const attach = () =>
      command.action(async () => {
        const [word] = command.args;
        if (word !== undefined && command.commands.length > 0 && !spec.arguments) refuseWord(command, word);
        refuseOptionsAbove(command);
        await run(spec, { arguments: command.args, options: checkedOptions(command, spec) });
      });
    // Such a group stays one, with its help and its suggestions, until the option comes that makes it a command.
    if (GROUPS[spec.path] === undefined) attach();
    else command.on(`option:${command.options.at(-(spec.options?.length ?? 0))?.name()}`, attach);
  }
  for (const command of root.commands) if (command.commands.length > 0) command.allowExcessArguments();
  const help = root.command('help').argument('[command...]').description(say('display help for command'));
  help
    .helpOption(false)
    .allowUnknownOption()
    .action(() => helpOf(root, wordsOf(help.args)));
  return root;
}

/** `cache claer`: a word behind a command that takes none, and has others below it, was meant as one of those. */
function refuseWord(command: Command, word: string): never {
  const names = command.commands.map((one) => one.name());
  command.error(`error: unknown command '${word}'${suggestion(word, names)}`, {
    code: 'commander.unknownCommand',
  });
}

/** `bench --quick capacity`: what only the command above knows would be lost without a word. */
function refuseOptionsAbove(command: Command): void {
  const known = command.options.map(({ long }) => long ?? '');
  for (let above = command.parent; above?.parent; above = above.parent) {
    // The tasks of `try` see its --file, and refuse it in words of their own.
    if (GROUPS[above.name()] !== undefined) continue;
    for (const option of above.options) {
      const isTyped = above.getOptionValueSource(option.attributeName()) === 'cli';
      const name = option.long ?? '';
      if (isTyped && !known.includes(name)) refuseOption(command, name, known);
    }
  }
}

function refuseOption(command: Command, option: string, known: readonly string[]): never {
  command.error(`error: unknown option '${option}'${suggestion(option, known)}`, {
    code: 'commander.unknownOption',
  });
}

function suggestion(typed: string, known: readonly string[]): string {
  const [meant] = nearest(typed, known);
  return meant === undefined ? '' : `\n(Did you mean ${meant}?)`;
}

/** An option that may stand before the word of a command below, whose range may be another: as text. */
function asTyped(spec: OptionSpec): Option {
  return toOption(spec).argParser((text: string) => text);
}

/** `bench --requests 5 capacity`: what was typed above is checked by the command that takes it. */
function checkedOptions(command: Command, { options: specs = [] }: CommandSpec): Record<string, unknown> {
  const options = optionsOf(command);
  for (const spec of specs) {
    const option = toOption(spec);
    const name = option.attributeName();
    const typed = options[name];
    if (typeof typed !== 'string' || !option.parseArg || isChecked(command, name)) continue;
    try {
      options[name] = option.parseArg(typed, undefined);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      const { code, exitCode, message } = error;
      const what = `error: option '${spec.flags}' argument '${typed}' is invalid. ${message}`;
      command.error(what, { code, exitCode });
    }
  }
  return options;
}

/** It was typed behind the command's own word, and nothing can stand behind that which would have to wait. */
function isChecked(command: Command, name: string): boolean {
  return command.commands.length === 0 && command.getOptionValueSource(name) === 'cli';
}

/** Of the command and those above it: what was typed wins over a default, and the last word over the first. */
function optionsOf(command: Command): Record<string, unknown> {
  const options = command.parent ? optionsOf(command.parent) : {};
  for (const [name, value] of Object.entries(command.opts())) {
    if (!(name in options) || command.getOptionValueSource(name) !== 'default') options[name] = value;
  }
  return options;
}

/** `help bench capacity` */
function helpOf(root: Command, words: readonly string[]): never {
  let command = root;
  for (const word of words) {
    if (command.commands.length === 0) break;
    command = command.commands.find((one) => one.name() === word) ?? refuseWord(command, word);
  }
  return command.help();
}

/** commander's own word in the description of an option. */
function saidChoices(text: string): string {
  return text.replace('(choices: ', `(${say('choices')}: `);
}

/** `botllm try intent` */
function lineOf(command: Command): string {
  return command.parent ? `${lineOf(command.parent)} ${command.name()}` : command.name();
}

function toArgument({ name, description, choices }: ArgumentSpec): Argument {
  const argument = new Argument(name, say(description));
  return choices ? argument.choices([...choices]) : argument;
}

function toOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, say(spec.description));
  if (spec.choices) option.choices([...spec.choices]);
  if (spec.parse) option.argParser(spec.parse);
  return option;
}
