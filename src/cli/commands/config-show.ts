import { say } from '../../language.js';
import { GUIDE_INTENTS } from '../../settings/intents.js';
import { problemError } from '../../settings/problem.js';
import { type ShownSetting, showSettings } from '../../settings/show.js';
import type { CommandSpec } from '../define.js';
import { EXIT } from '../exit-codes.js';
import { messages } from '../messages.js';
import { fields, printable, type Style } from '../style.js';
import { table } from '../table.js';

export const configShow: CommandSpec = {
  path: 'config show',
  summary: 'print every setting as it stands, secrets only as set or not set',
  options: [{ flags: '--sources', description: 'also say where each value came from' }],
  examples: ['botllm config show', 'botllm config show --sources', 'botllm config show --json'],
  toleratesBadConfig: true,
  handler: async ({ out, configuration }, { options }) => {
    const { intents, intentsSource, problems } = configuration;
    const shown = showSettings(configuration);
    for (const problem of problems) out.explain(problemError(problem));
    const settings = Object.fromEntries(shown.map(({ setting, ...rest }) => [setting, rest]));
    const shownIntents = {
      names: intents?.names ?? GUIDE_INTENTS,
      descriptions: intents?.descriptions ?? {},
      source: intentsSource?.layer ?? 'default',
      file: intentsSource?.file,
    };
    const names = shownIntents.names.join(', ');
    const text = (style: Style) => {
      const values = shown.map((one) => printable(wordOf(one)));
      if (options.sources !== true) {
        const rows = [...shown.map(({ key }, i) => [key, values[i]] as const), ['intents', names] as const];
        // Keys of a file, which are the same in every language.
        return fields(rows, style, (key) => key);
      }
      return table(
        ['setting', 'value', 'from', 'variable'],
        [
          ...shown.map((one, i) => [one.key, values[i] ?? '', from(one, style), one.variable]),
          ['intents', names, intentsSource?.file ?? style.paint('dim', messages.configDefault), ''],
        ],
      );
    };
    return {
      schema: 'config.show',
      data: { settings, intents: shownIntents, problems },
      text,
      exitCode: problems.length > 0 ? EXIT.badConfig : EXIT.ok,
    };
  },
};

function wordOf({ set, text = '', source }: ShownSetting): string {
  // A default is described in words; what somebody wrote stays as it is.
  if (set === undefined) return source === 'default' ? say(text) : text;
  return set ? messages.configSet(source) : messages.configNotSet;
}

function from({ source, file, line, variable }: ShownSetting, style: Style): string {
  if (file !== undefined) return line === undefined ? file : `${file}:${line}`;
  if (source === 'shell') return messages.configShell(variable);
  return source === 'default' ? style.paint('dim', messages.configDefault) : messages.configOption;
}
