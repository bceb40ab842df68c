// A bot at the console, without a token: what you type is a user's message.
//   botllm up && LLM_ENABLED=true npx tsx examples/bot.ts
import { createInterface } from 'node:readline/promises';
import { BotPromptConfigs, renderReplyTemplate } from 'botllm';
import { llm } from './llm.js';

const userId = 'console';
const availableIntents = ['book_service', 'cancel_booking', 'get_info', 'help'];
const expectation = 'дата и время в формате YYYY-MM-DD HH:MM';

function say(text: string): void {
  process.stdout.write(`bot> ${text}\n`);
}

/**
 * The template is improved before a user's data comes in: the model never sees it, and the cache works. The words are
 * the bot's own, so it takes nothing from the user's quota.
 */
async function reply(text: string, vars: Record<string, string> = {}): Promise<void> {
  const action = { type: 'action.reply_template.v1', params: { text, llm_improve: true } };
  say((await renderReplyTemplate(action, vars, { llm })).text);
}

async function book(message: string): Promise<boolean> {
  const { data } = await llm.complete(
    BotPromptConfigs.smartValidateInput({ userInput: message, expectation }),
    { userId },
  );
  if (data.valid) await reply('Вы записаны на {{time}}. Ждём вас!', { time: message });
  else say(`${data.reason} ${data.suggestion}`);
  return data.valid;
}

async function menu(context: string): Promise<void> {
  const config = BotPromptConfigs.generateDynamicMenu({ context, topic: 'услуги салона красоты' });
  const { data } = await llm.complete(config, { userId });
  for (const { text, description } of data.items) say(`• ${text}: ${description}`);
}

async function answer(message: string): Promise<'book_service' | undefined> {
  const config = BotPromptConfigs.classifyUserIntent({ message, availableIntents });
  const { data } = await llm.complete(config, { userId });
  if (data.intent === 'book_service') {
    await reply('На какое время вас записать? Например: 2026-05-01 15:00');
    return 'book_service';
  }
  if (data.intent === 'cancel_booking') await reply('Ваша запись отменена.');
  else if (data.intent === 'get_info') await menu(`пользователь спросил: ${message}`);
  else await reply('Я записываю в салон, отменяю запись и рассказываю об услугах.');
  return undefined;
}

let booking = false;
for await (const line of createInterface({ input: process.stdin })) {
  const message = line.trim();
  if (message === '') continue;
  if (booking) booking = !(await book(message));
  else booking = (await answer(message)) === 'book_service';
}
await llm.close();
