import { botllm } from '../built.js';

const INTENTS = ['book_service', 'cancel_booking', 'get_info', 'help'] as const;

/** What a bot asks most, as the guide does it; another number is another question. */
export function question(n: number | string) {
  const message = `Хочу записаться на массаж завтра к вечеру, заявка ${n}`;
  return botllm.BotPromptConfigs.classifyUserIntent({ message, availableIntents: INTENTS });
}
