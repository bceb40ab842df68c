import { BotPromptConfigs } from '../../prompts/bot-prompt-configs.js';
import type { PromptConfig } from '../../prompts/prompt-config.js';
import { GUIDE_INTENTS } from '../../settings/intents.js';
import type { BotTask } from './plan.js';

/** One of the product's own prompts with a text that nobody asked before. */
export function taskOf(task: BotTask, text: string, nonce: string): PromptConfig<unknown> {
  const said = `${text} (${nonce})`;
  switch (task) {
    case 'intent':
      return BotPromptConfigs.classifyUserIntent({ message: said, availableIntents: GUIDE_INTENTS });
    case 'validate':
      return BotPromptConfigs.smartValidateInput({
        userInput: said,
        expectation: 'дата в формате YYYY-MM-DD',
      });
    case 'menu':
      return BotPromptConfigs.generateDynamicMenu({ topic: 'услуги салона красоты', context: said });
    case 'improve':
      return BotPromptConfigs.improveText({ text: said });
  }
}
