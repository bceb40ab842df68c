// LLM_ENABLED=true LLM_BASE_URL=http://127.0.0.1:11434 node examples/intent.ts "где мой заказ?"
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
