import type { ImproveData } from '../../prompts/improve.js';
import { readText, textHint } from '../input.js';
import { printable } from '../style.js';
import { tryCommand } from '../try.js';

export const tryImprove = tryCommand<ImproveData>({
  path: 'try improve',
  schema: 'try.improve',
  summary: "a friendlier wording of a bot's message; every {{placeholder}} stays, no link comes in",
  arguments: [{ name: '[text]', description: 'the message, or - for standard input' }],
  options: [{ flags: '--tone <words>', description: 'how it should sound (friendly)' }],
  examples: [
    'botllm try improve "Ваш заказ {{order_id}} готов к выдаче"',
    'botllm try improve "Payment failed, {{name}}" --tone "polite and calm"',
  ],
  config: async (ctx, { arguments: [given], options }) => {
    const text = await readText(given, ctx, textHint('try improve'));
    const { BotPromptConfigs } = await import('../../prompts/bot-prompt-configs.js');
    return BotPromptConfigs.improveText({ text, tone: options.tone as string | undefined });
  },
  text: ({ text }) => printable(text),
});
