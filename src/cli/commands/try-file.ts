import { BotllmError } from '../../errors.js';
import { readText, textHint } from '../input.js';
import { messages } from '../messages.js';
import { fields, printable, type Style } from '../style.js';
import { FILE_PATH, tryCommand } from '../try.js';

/** `try` without a task: the prompt is in a file of the user's own. */
export const tryFile = tryCommand<unknown>({
  path: FILE_PATH,
  schema: 'try.file',
  summary: 'run a prompt config against the model: a task of botllm, or your own in a file',
  arguments: [{ name: '[text]', description: 'the text that the prompt is about, or - for standard input' }],
  // The first option decides: with it `try` is this command, without it the group of the tasks.
  options: [
    { flags: '--file <file>', description: 'your prompt: .js, .mjs, .ts (Node 22.18 or newer) or .yaml' },
  ],
  examples: [
    'botllm try --file examples/mood.mjs "What a day!"',
    'botllm try --file examples/mood.yaml "ну и денёк" --show-prompt',
  ],
  config: async (ctx, { arguments: [text], options }) => {
    const { file } = options as { file?: string };
    if (!file) throw new BotllmError('USAGE', messages.tryNeeds('--file'));
    const { loadPrompt } = await import('../prompt-file.js');
    const prompt = await loadPrompt(file);
    return prompt(await readText(text, ctx, textHint(`try --file ${file}`)));
  },
  text: describe,
});

function describe(data: unknown, style: Style): string {
  const entries = typeof data === 'object' && data !== null ? Object.entries(data) : [];
  const isFlat = entries.length > 0 && entries.every(([, value]) => typeof value !== 'object');
  if (!isFlat) return printable(JSON.stringify(data, null, 2) ?? '');
  return fields(
    entries.map(([name, value]) => [printable(name), printable(String(value))]),
    style,
    // Keys of the user's own, which are no words of ours.
    (name) => name,
  );
}
