import { Readable } from 'node:stream';
import type { EngineStatus } from '../engines/status.js';
import { BotllmError } from '../errors.js';
import { CATALOGUE } from '../models/catalogue.js';
import type { PromptConfig } from '../prompts/prompt-config.js';
import type { CompletionResult } from '../types.js';
import { asSent } from './as-sent.js';
import { clientFor } from './client.js';
import type { Context } from './context.js';
import type { CommandInput, CommandSpec, OptionSpec } from './define.js';
import { engineToAsk } from './engine-to-ask.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { isTerminal } from './line-loop.js';
import { messages } from './messages.js';
import { noteOtherModel } from './observe.js';
import { parse } from './parse.js';
import { printable, type Style } from './style.js';

/** What one `try` command is: its words, the question that it asks, and how a person reads the answer. */
export interface TrySpec<Data> extends Pick<CommandSpec, 'path' | 'summary' | 'arguments' | 'examples'> {
  /** Name of the JSON output, e.g. `try.intent`. */
  schema: string;
  /** Options of its own, before those that every `try` has. */
  options?: readonly OptionSpec[];
  /** On a terminal: the option whose value is typed line by line (default: the argument), and one that must be there first. */
  lines?: { option?: string; first?: string };
  config: (ctx: Context, input: CommandInput) => Promise<PromptConfig<Data>>;
  text: (data: Data, style: Style) => string;
}

/** The command that takes `--file`; the others lie below it. */
export const FILE_PATH = 'try';

interface Given {
  file?: string;
  user?: string;
  cache: boolean;
  showPrompt?: true;
  stats?: true;
  up?: true;
  allowFallback?: true;
}

const USER: OptionSpec = {
  flags: '--user <id>',
  description: 'count the call against this user, as a runtime would',
  parse: parse.name,
  values: 'users',
};
const OPTIONS: readonly OptionSpec[] = [
  USER,
  { flags: '--no-cache', description: 'ask the model even when the answer is cached' },
  { flags: '--show-prompt', description: 'print what the model is asked, on stderr' },
  { flags: '--stats', description: 'print tokens and times, on stderr' },
  { flags: '--up', description: 'start the engine first if it does not run' },
  { flags: '--allow-fallback', description: 'exit with 0 even when the answer is a fallback' },
];

/** A command that asks one question the way a runtime would: same client, same guards, same answer. */
export function tryCommand<Data>({
  schema,
  options = [],
  lines = {},
  config,
  text,
  ...spec
}: TrySpec<Data>): CommandSpec {
  return {
    ...spec,
    options: [...options, ...OPTIONS],
    handler: async (ctx, input) => {
      const given = input.options as unknown as Given;
      // `try --file x menu`: the text would be lost without a word.
      if (given.file !== undefined && spec.path !== FILE_PATH) {
        throw new BotllmError('USAGE', messages.tryFileAndTask(spec.path), {
          hint: messages.tryFileAndTaskHint,
        });
      }
      const isAsked = isTerminal(ctx) && isTextMissing(input, lines.option);
      const question = isAsked ? undefined : await config(ctx, input);
      if (question && given.showPrompt) showPrompt(ctx, question);
      const { engine, missing } = await engineToAsk(ctx, given.up === true);
      if (missing && !given.allowFallback) throw missing;
      await noteOtherModel(ctx, engine);
      await using llm = await clientFor(ctx, engine, missing);
      const ask = async (prompt: PromptConfig<Data>, { cache, user }: Given, signal: AbortSignal) => {
        const userId = user === undefined ? {} : { userId: user };
        const result = await llm.complete(prompt, { signal, cache, ...userId });
        signal.throwIfAborted();
        return result;
      };
      if (question === undefined) {
        const { talkTo } = await import('./try-talk.js');
        await talkTo<Data>(ctx, engine.model ?? engine.endpoint ?? '', {
          ...{ input, line: lines.option, first: lines.first, options: [...options, USER], text },
          config: (line, isFirst) => config(asTyped(isFirst ? ctx : withoutNotes(ctx)), line),
          ask: (prompt, typed, signal) => ask(prompt, typed as unknown as Given, signal),
        });
        return undefined;
      }
      const result = await ask(question, given, ctx.signal);
      report(ctx, engine, result, given);
      return {
        schema,
        data: result,
        text: (style) => text(result.data, style),
        exitCode: result.error && !given.allowFallback ? exitCodeOf(result.error.code) : EXIT.ok,
      };
    },
  };
}

/** There is nothing to ask about yet: neither the text, nor the option in its place. */
function isTextMissing({ arguments: [text], options }: CommandInput, option: string | undefined): boolean {
  return option === undefined ? text === undefined : options[option] === undefined;
}

/** A dash that is typed as a line is the text; standard input is where it was typed. */
function asTyped(ctx: Context): Context {
  return { ...ctx, stdin: () => Readable.from(['-']) };
}

/** What was said once about the options need not be said again with every line. */
function withoutNotes(ctx: Context): Context {
  return { ...ctx, out: { ...ctx.out, note: () => {} } };
}

function showPrompt({ out }: Context, question: PromptConfig<unknown>): void {
  for (const { role, content } of asSent(question.messages)) out.note(`[${role}]\n${content}`);
}

/** The words beside the answer: where it came from, and what the reader should not miss. */
function report(
  { out }: Context,
  engine: EngineStatus,
  result: CompletionResult<unknown>,
  given: Given,
): void {
  const ms = `${Math.round(result.latencyMs)} ms`;
  out.note([messages.source[result.source], printable(result.model), ms].join(` ${out.style.dot} `));
  if (given.stats) {
    const { usage } = result;
    out.note(
      messages.stats({
        attempts: result.attempts,
        input: usage?.inputTokens,
        cached: usage?.cachedTokens,
        output: usage?.outputTokens,
      }),
    );
  }
  if (engine.standIn && engine.model && result.source !== 'fallback') {
    out.note(messages.standIn(printable(engine.model), CATALOGUE.defaultAlias));
  }
  if (result.error) out.explain(result.error);
}
