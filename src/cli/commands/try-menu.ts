import { BotllmError } from '../../errors.js';
import type { MenuData } from '../../prompts/menu.js';
import { messages } from '../messages.js';
import { fields, printable } from '../style.js';
import { tryCommand } from '../try.js';

export const tryMenu = tryCommand<MenuData>({
  path: 'try menu',
  schema: 'try.menu',
  summary: 'a menu of 1 to 8 buttons on a topic, for this user',
  options: [
    { flags: '--topic <text>', description: 'what the menu is about, in the language that it shall be in' },
    { flags: '--context <text>', description: 'what is known of the user' },
  ],
  examples: [
    'botllm try menu --topic "услуги салона красоты" --context "пользователь интересуется спа-процедурами"',
    'botllm try menu --topic "bicycle workshop" --json',
  ],
  lines: { option: 'topic' },
  config: async (_, { options }) => {
    const { topic, context } = options as { topic?: string; context?: string };
    if (!topic?.trim())
      throw new BotllmError('USAGE', messages.tryNeeds('--topic'), { hint: messages.tryTopicHint });
    const { BotPromptConfigs } = await import('../../prompts/bot-prompt-configs.js');
    return BotPromptConfigs.generateDynamicMenu({ topic, context });
  },
  text: ({ items }, style) =>
    fields(
      items.map(({ text, description }, index) => [
        String(index + 1),
        [printable(text), printable(description)].filter((part) => part !== '').join(` ${style.dot} `),
      ]),
      style,
    ),
});
