import { CommanderError } from 'commander';
import { BotllmError } from '../errors.js';
import { problemError } from '../settings/problem.js';
import { chooseLanguage } from './choose-language.js';
import { commandsOf } from './commands-of.js';
import { createContext, type World } from './context.js';
import type { CommandInput } from './define.js';
import { EXIT } from './exit-codes.js';
import { namesNothing } from './first-word.js';
import { messages } from './messages.js';
import { createOutput, type Output } from './output.js';
import { createProgram } from './program.js';
import { thisProcess } from './this-process.js';
import { usageMessages } from './usage-messages.js';
import { packageVersion } from './version.js';

/** Runs one command line; the exit code is left in `process.exitCode`. */
export async function main(
  argv: readonly string[] = process.argv.slice(2),
  world: World = thisProcess(),
): Promise<void> {
  surviveBrokenPipes();
  const interruption = listenForSignals();
  const flag = (...names: string[]) => argv.some((word) => names.includes(word));
  // Known before the command line is parsed, because a usage error must come out in the right form too.
  const out = createOutput({
    ...world,
    json: flag('--json'),
    quiet: flag('-q', '--quiet'),
    verbose: flag('-v', '--verbose'),
    noColor: flag('--no-color'),
    ascii: flag('--ascii'),
  });
  let drained = false;
  try {
    const keepOthersEnglish = await chooseLanguage(argv, world.env);
    const contextFor = (options: CommandInput['options']) => {
      const { baseUrl, config, redis, timeout, input } = options as {
        baseUrl?: string;
        config?: string;
        redis?: string;
        timeout?: number;
        input?: boolean;
      };
      const given = { baseUrl, configFile: config, redisUrl: redis, timeoutMs: timeout, mayAsk: input };
      return createContext(world, out, given, interruption.signal);
    };
    const program = createProgram({
      commands: await commandsOf(argv),
      version: packageVersion(),
      writeOut: (text) => void world.stdout.write(text),
      writeHint: (text) => void world.stderr.write(text),
      run: async (spec, input) => {
        if (spec.forOthers?.(input.options)) keepOthersEnglish();
        const ctx = await contextFor(input.options);
        const [problem, ...others] = ctx.configuration.problems;
        if (problem && !spec.toleratesBadConfig) throw problemError(problem, others.length);
        const outcome = await spec.handler(ctx, input);
        if (outcome) out.result(outcome);
        drained = (await outcome?.after?.()) === true;
      },
    });
    if (namesNothing(argv) && world.stdout.isTTY === true && world.stdin().isTTY === true) {
      program.parseOptions([...argv]);
      const { guide } = await import('./guide.js');
      out.result(await guide(await contextFor(program.opts())));
    } else await program.parseAsync(argv, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError) reportUsage(thrown, out);
    else process.exitCode = out.failure(interruption.cause() ?? thrown);
  }
  const killed = interruption.exitCode();
  if (killed !== undefined) process.exitCode = drained && killed === EXIT.terminated ? EXIT.ok : killed;
  interruption.stop();
}

function reportUsage(error: CommanderError, out: Output): void {
  if (error.exitCode === 0) return;
  // commander's suggestion, `(Did you mean …?)`, stands on a line of its own.
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const missing = error.code === 'commander.help';
  // It repeats what was typed, and an address may hold a password.
  const what = usageMessages.mistake(first.replace(/(\w+:\/\/).*@/, '$1***@'));
  const usage = new BotllmError('USAGE', missing ? messages.missingCommand : what, {
    detail: usageMessages.mistake(rest.join(' ').trim()) || undefined,
    hint: messages.usageHint(error.cause === undefined ? 'botllm' : String(error.cause)),
  });
  process.exitCode = out.failure(usage);
}

/** `botllm … | head` closes our stdout, which is no error; without stderr only the words are lost. */
function surviveBrokenPipes(): void {
  process.stderr.on('error', () => {});
  // Node ignores this signal; a package that we use would end the process by it, without a word.
  if (process.platform !== 'win32') process.on('SIGXFSZ', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.ok);
    process.stderr.write(`${messages.errorMark} ${messages.stdoutBroken(error.code ?? error.message)}\n`);
    process.exit(EXIT.failed);
  });
}

interface Interruption {
  signal: AbortSignal;
  cause: () => BotllmError | undefined;
  exitCode: () => number | undefined;
  stop: () => void;
}

/** The first Ctrl-C lets the command clean up; the second ends the process now. */
function listenForSignals(): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const listen = (code: number) => () => {
    if (exitCode !== undefined) process.exit(code);
    exitCode = code;
    controller.abort(new BotllmError('INTERRUPTED', messages.interrupted));
  };
  const onInt = listen(EXIT.interrupted);
  const onTerm = listen(EXIT.terminated);
  process.on('SIGINT', onInt).on('SIGTERM', onTerm).on('SIGHUP', onTerm);
  return {
    signal: controller.signal,
    cause: () => controller.signal.reason as BotllmError | undefined,
    exitCode: () => exitCode,
    stop: () => void process.off('SIGINT', onInt).off('SIGTERM', onTerm).off('SIGHUP', onTerm),
  };
}
