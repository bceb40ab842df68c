// LLM_ENABLED=true npx tsx examples/intent.ts "где мой заказ?"
import { BotPromptConfigs } from 'botllm';
import { llm } from './llm.js';

const message = process.argv[2] ?? 'хочу записаться на завтра к мастеру';
const availableIntents = ['book_service', 'cancel_booking', 'get_info', 'help'];
const { data, source, error } = await llm.complete(
  BotPromptConfigs.classifyUserIntent({ message, availableIntents }),
  { userId: '42' },
);
process.stdout.write(`${data.intent} (${source}${error ? `: ${error.code}` : ''})\n`);
await llm.close();
