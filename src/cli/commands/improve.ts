import type { CommandSpec } from '../define.js';
import { EXIT, exitCodeOf } from '../exit-codes.js';
import { type ImproveWish, improveSource, writeSpec } from '../improve.js';
import { describeChanges } from '../improve-diff.js';
import { improveMessages } from '../improve-messages.js';
import { parse } from '../parse.js';
import { readSpec } from '../spec-source.js';

const DEFAULT_CONCURRENCY = 2;

export const improve: CommandSpec = {
  path: 'improve',
  summary: "friendlier wordings for all messages of a bot's specification: shown as a diff, or written",
  arguments: [
    {
      name: '<file>',
      description: 'JSON or YAML with action.reply_template.v1 in it, or - for standard input',
    },
  ],
  options: [
    { flags: '--write', description: 'change the file (for -: print the whole of it)' },
    { flags: '--tone <words>', description: "how they should sound, in place of the actions' own tone" },
    {
      flags: '--concurrency <n>',
      description: `messages at once (${DEFAULT_CONCURRENCY})`,
      parse: parse.count(1, 64),
    },
    { flags: '--anew', description: 'ask again for what an earlier run of this file has answers to' },
    { flags: '--up', description: 'start the engine first if it does not run' },
  ],
  examples: [
    'botllm improve bot.json',
    'botllm improve bot.yaml --tone "calm and short" --write',
    'cat bot.json | botllm improve - --write',
  ],
  handler: async (ctx, { arguments: [given = '-'], options }) => {
    const {
      write = false,
      concurrency = DEFAULT_CONCURRENCY,
      ...rest
    } = options as Partial<ImproveWish> & {
      write?: boolean;
    };
    const source = await readSpec(ctx, given);
    const done = await improveSource(ctx, source, { concurrency, ...rest });
    if (write && source.file !== undefined) await writeSpec(source.file, given, source.text, done);
    const { changes, kept, unchanged, refused, text: changed } = done;
    const summary = improveMessages.summary(changes.length, unchanged, kept.length, refused);
    ctx.out.note(
      write && source.file !== undefined ? `${summary}; ${improveMessages.written(given)}` : summary,
    );
    if (!write && source.file !== undefined && changes.length > 0) {
      ctx.out.note(improveMessages.writeNext(`botllm improve ${given} --write`));
    }
    const written = write && source.file !== undefined;
    const [first] = kept;
    return {
      schema: 'improve',
      data: {
        ...(source.file !== undefined && { file: source.file }),
        written,
        changes: changes.map(({ message, text }) => {
          const { path, line, text: before } = message;
          return { path, line, before, after: text };
        }),
        kept: kept.map(({ message, error }) => ({ path: message.path, line: message.line, error })),
        unchanged,
        refused,
        ...(write && !written && { text: changed }),
      },
      text: (style) => (write && !written ? changed : describeChanges(changes, given, style)),
      // Some messages may stay; where all of them do, the model is no use for them.
      exitCode: changes.length + unchanged === 0 && first?.error ? exitCodeOf(first.error.code) : EXIT.ok,
    };
  },
};
