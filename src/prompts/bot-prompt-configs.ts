import { classifyUserIntent } from './intent.js';

/** The bot tasks of the guide: each gives a prompt config for `llm.complete`. */
export const BotPromptConfigs = {
  classifyUserIntent,
} as const;
