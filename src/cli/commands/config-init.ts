import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BotllmError } from '../../errors.js';
import { CONFIG_NAMES, configFilesIn } from '../../settings/find.js';
import { jsonTemplate, yamlTemplate } from '../../settings/template.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';

const DEFAULT_NAME = 'botllm.config.yaml';

export const configInit: CommandSpec = {
  path: 'config init',
  summary: 'write a commented configuration file into the current folder',
  arguments: [{ name: '[file]', description: `its name; the ending chooses yaml or json (${DEFAULT_NAME})` }],
  examples: ['botllm config init', 'botllm config init botllm.config.json'],
  toleratesBadConfig: true,
  handler: async ({ out, folders }, { arguments: [given = DEFAULT_NAME] }) => {
    const file = path.resolve(folders.cwd, given);
    const format = /\.(json|ya?ml)$/.exec(file)?.[1];
    if (format === undefined) {
      throw new BotllmError('USAGE', messages.configFormat(given), { hint: messages.configFormatHint });
    }
    const isFound = CONFIG_NAMES.some((name) => name === path.basename(file));
    // A second file beside the first would be a mistake that every later command complains about.
    const [there] = isFound ? await configFilesIn(path.dirname(file)) : [];
    if (there !== undefined) throw exists(there);
    await create(file, format === 'json' ? jsonTemplate() : yamlTemplate());
    if (!isFound) out.note(messages.configElsewhere(given));
    const text = [messages.configWritten(file), ...(format === 'json' ? [] : [messages.configWrittenNext])];
    return { schema: 'config.init', data: { file }, text: () => text.join('\n') };
  },
};

async function create(file: string, text: string): Promise<void> {
  try {
    // `wx`: never over a file, nor through a link, that is there already.
    await writeFile(file, text, { flag: 'wx' });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw exists(file);
    throw new BotllmError('USAGE', messages.configNotWritten(file), { detail: code, cause: thrown });
  }
}

const exists = (file: string) =>
  new BotllmError('USAGE', messages.configExists(file), { hint: messages.configExistsHint });
