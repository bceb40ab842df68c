import { BotllmError, isBotllmError } from '../errors.js';
import { say } from '../language.js';
import type { PromptConfig } from '../prompts/prompt-config.js';
import type { CompletionResult } from '../types.js';
import { asSent } from './as-sent.js';
import type { Context } from './context.js';
import type { CommandInput, OptionSpec } from './define.js';
import { converse } from './line-loop.js';
import { messages } from './messages.js';
import { printable, type Style } from './style.js';
import { tryWords } from './try-messages.js';

/** How one `try` is asked again and again on a terminal. */
export interface TryTalk<Data> {
  input: CommandInput;
  /** Each that takes a value is a command: `/intents a,b`. */
  options: readonly OptionSpec[];
  /** The option that a line is the value of; absent: it is the argument. */
  line?: string | undefined;
  /** An option that has to be there before a question; it is asked for by its name. */
  first?: string | undefined;
  config: (input: CommandInput, isFirst: boolean) => Promise<PromptConfig<Data>>;
  ask: (
    question: PromptConfig<Data>,
    options: CommandInput['options'],
    signal: AbortSignal,
  ) => Promise<CompletionResult<Data>>;
  text: (data: Data, style: Style) => string;
}

/** Asks what is typed until somebody leaves; options are changed between two lines. */
export async function talkTo<Data>(ctx: Context, model: string, talk: TryTalk<Data>): Promise<void> {
  const { out, stdout } = ctx;
  const options: Record<string, unknown> = { ...talk.input.options };
  const settable = talk.options.flatMap((option) => {
    const name = /^--([a-z-]+) </.exec(option.flags)?.[1];
    return name === undefined || name === talk.line || name === 'file' ? [] : [{ name, option }];
  });
  let last: PromptConfig<Data> | undefined;
  // Asked for, so that --quiet does not keep it back.
  const tell = (text: string) => void stdout.write(`${text}\n`);
  const isMissing = () => talk.first !== undefined && !options[talk.first];
  const set = (name: string, text: string) => {
    const option = settable.find((one) => one.name === name)?.option;
    options[name] = refusing(`/${name}`, () => (option?.parse ? option.parse(text) : text));
    tell(tryWords.isNow(name, printable(text)));
  };
  out.note(tryWords.hello(printable(model)));
  await converse(ctx, {
    prompt: () => (isMissing() ? `${talk.first}> ` : '> '),
    stopped: tryWords.stopped,
    answer: async (text, signal) => {
      if (isMissing() && talk.first !== undefined) return set(talk.first, text);
      if (talk.line !== undefined) options[talk.line] = text;
      const input = { arguments: talk.line === undefined ? [text] : [], options };
      last = await talk.config(input, last === undefined);
      const result = await talk.ask(last, options, signal);
      stdout.write(`${talk.text(result.data, out.style)}\n`);
      out.note(out.style.paint('dim', about(result)));
      if (result.error) out.explain(result.error);
    },
    command: (word, rest) => {
      const name = word.slice(1);
      if (word === '/help') {
        const own = settable.map(
          ({ name: it, option }) => `${`/${it} …`.padEnd(16)} ${say(option.description)}`,
        );
        tell([...own, tryWords.head].join('\n'));
      } else if (word === '/prompt') {
        const shown = last && asSent(last.messages).map(({ role, content }) => `[${role}]\n${content}`);
        tell(shown?.join('\n') ?? tryWords.empty);
      } else if (word === '/cache') {
        options.cache = options.cache === false;
        tell(options.cache ? tryWords.cacheOn : tryWords.cacheOff);
      } else if (!settable.some((one) => one.name === name)) tell(tryWords.unknown(printable(word)));
      else if (rest === '') tell(tryWords.needsValue(word));
      else set(name, rest);
    },
  });
}

/** `from the model, qwen3-1.7b, 812 ms, 14 tokens, 17.2 tok/s over the whole call` */
function about({ source, model, latencyMs, usage, cached }: CompletionResult<unknown>): string {
  const tokens = cached ? undefined : usage?.outputTokens;
  return [
    ...[messages.source[source], printable(model), `${Math.round(latencyMs)} ms`],
    ...(tokens === undefined ? [] : [tryWords.tokens(tokens, ((tokens / latencyMs) * 1_000).toFixed(1))]),
  ].join(', ');
}

/** commander's own refusal says what to use; it is told like any other mistake. */
function refusing<T>(word: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (isBotllmError(cause)) throw cause;
    throw new BotllmError('USAGE', `${word}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
