import type { EngineStatus } from '../engines/status.js';
import { BotllmError } from '../errors.js';
import { CATALOGUE } from '../models/catalogue.js';
import type { PromptConfig } from '../prompts/prompt-config.js';
import type { CompletionResult } from '../types.js';
import { clientFor } from './client.js';
import type { Context } from './context.js';
import type { CommandInput, CommandSpec, OptionSpec } from './define.js';
import { engineToAsk } from './engine-to-ask.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
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

const OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--user <id>',
    description: 'count the call against this user, as a runtime would',
    parse: parse.name,
  },
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
      const question = await config(ctx, input);
      if (given.showPrompt) showPrompt(ctx, question);
      const { engine, missing } = await engineToAsk(ctx, given.up === true);
      if (missing && !given.allowFallback) throw missing;
      await noteOtherModel(ctx, engine);
      await using llm = await clientFor(ctx, engine, missing);
      const result = await llm.complete(question, {
        signal: ctx.signal,
        cache: given.cache,
        ...(given.user === undefined ? {} : { userId: given.user }),
      });
      ctx.signal.throwIfAborted();
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

function showPrompt({ out }: Context, question: PromptConfig<unknown>): void {
  for (const { role, content } of question.messages) out.note(printable(`[${role}]\n${content}`));
}

/** The words beside the answer: where it came from, and what the reader should not miss. */
function report(
  { out }: Context,
  engine: EngineStatus,
  result: CompletionResult<unknown>,
  given: Given,
): void {
  const ms = `${Math.round(result.latencyMs)} ms`;
  out.note([messages.source[result.source], result.model, ms].join(` ${out.style.dot} `));
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
    out.note(messages.standIn(engine.model, CATALOGUE.defaultAlias));
  }
  if (result.error) out.explain(result.error);
}
