import { improveText } from './improve.js';
import { classifyUserIntent } from './intent.js';
import { generateDynamicMenu } from './menu.js';
import { smartValidateInput } from './validate.js';

/** The bot tasks of the guide: each gives a prompt config for `llm.complete`. */
export const BotPromptConfigs = {
  classifyUserIntent,
  smartValidateInput,
  generateDynamicMenu,
  improveText,
} as const;
