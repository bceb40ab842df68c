import { BotllmError } from '../errors.js';
import { jsonLine } from '../observability/json-line.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { messages } from './messages.js';
import { createProgress, type Progress } from './progress.js';
import type { Stream } from './stream.js';
import { createStyle, printable, type Style, wantsColor } from './style.js';

export interface OutputOptions {
  stdout: Stream;
  stderr: Stream;
  env: Readonly<Record<string, string | undefined>>;
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  noColor: boolean;
  ascii: boolean;
}

/** What a command hands over when its work is done. */
export interface Outcome {
  /** Schema name without version, e.g. `try.intent`. */
  schema: string;
  data: object;
  /** The same for people; nothing when the words on stderr said it all. */
  text?: (style: Style) => string;
  exitCode?: number;
  /**
   * What goes on once the result is printed (a daemon in the foreground).
   * @returns whether SIGTERM let it finish what it had, which is no failure
   */
  after?: () => Promise<boolean>;
}

/**
 * The one place that writes to stdout (data) and stderr (words). With `--json` stdout carries JSON lines
 * only, and the last of them is the result or the error.
 */
export interface Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Style of stderr. */
  readonly style: Style;
  result(outcome: Outcome): void;
  failure(error: unknown): number;
  /** One line of news; silent with `--quiet`. */
  note(text: string): void;
  /** The three lines of an error beside a result that was printed all the same. */
  explain(error: BotllmError): void;
  /** A line of data before the result (`logs`, NDJSON events). */
  line(text: string): void;
  event(event: object): void;
  progress(): Progress;
}

export function createOutput(options: OutputOptions): Output {
  const { stdout, stderr, env, json, quiet, verbose } = options;
  const styleOf = (stream: Stream) =>
    createStyle({
      color: wantsColor({ isTTY: stream.isTTY === true, env, noColorFlag: options.noColor }),
      ascii: options.ascii,
    });
  const dataStyle = styleOf(stdout);
  const style = styleOf(stderr);
  const say = (text: string) => stderr.write(`${text}\n`);
  const explain = (error: BotllmError) => {
    say(`${style.paint('red', messages.errorMark)} ${printable(error.message)}`);
    if (error.detail) say(`  ${printable(error.detail)}`);
    if (error.hint) say(`  ${messages.tryMark} ${printable(error.hint)}`);
  };
  return {
    json,
    quiet,
    style,
    explain,
    result({ schema, data, text, exitCode = EXIT.ok }) {
      if (json) stdout.write(jsonLine({ schema: `botllm.${schema}/1`, data }));
      else if (text) stdout.write(`${text(dataStyle)}\n`);
      process.exitCode = exitCode;
    },
    failure(thrown) {
      const error = asBotllmError(thrown);
      const exitCode = exitCodeOf(error.code);
      explain(error);
      if (verbose && thrown instanceof Error) say(printable(fullTrace(thrown)));
      if (json) {
        const { code, message, detail, hint } = error;
        const body = { code, exitCode, message, detail, hint };
        stdout.write(jsonLine({ schema: 'botllm.error/1', error: body }));
      }
      return exitCode;
    },
    note: (text) => {
      if (!quiet) say(text);
    },
    line: (text) => void stdout.write(`${text}\n`),
    event: (event) => {
      if (json) stdout.write(jsonLine(event));
    },
    progress: () => createProgress({ stream: stderr, style, silent: quiet }),
  };
}

/** What went wrong as one of ours: anything else is a mistake of our own, and says so. */
export function asBotllmError(thrown: unknown): BotllmError {
  if (thrown instanceof BotllmError) return thrown;
  const abort = thrown instanceof Error && thrown.name === 'AbortError' ? thrown.cause : undefined;
  if (abort instanceof BotllmError) return abort;
  return new BotllmError('INTERNAL', messages.unexpected, {
    detail: thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown),
    hint: messages.unexpectedHint,
    cause: thrown,
  });
}

function fullTrace(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${fullTrace(error.cause)}` : own;
}
