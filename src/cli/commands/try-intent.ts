import type { IntentData } from '../../prompts/intent.js';
import { GUIDE_INTENTS } from '../../settings/intents.js';
import { readText, textHint } from '../input.js';
import { messages } from '../messages.js';
import { parse } from '../parse.js';
import { fields, printable, type Style } from '../style.js';
import { tryCommand } from '../try.js';

export const tryIntent = tryCommand<IntentData>({
  path: 'try intent',
  schema: 'try.intent',
  summary: 'what does a user want? One message in, an intent with its confidence and entities out',
  arguments: [{ name: '[text]', description: 'the message, or - for standard input' }],
  options: [
    {
      flags: '--intents <a,b,c>',
      description: "the intents to choose from (the guide's four)",
      parse: parse.list,
    },
  ],
  examples: [
    'botllm try intent "хочу записаться на завтра к мастеру" --up',
    'botllm try intent "cancel my order" --intents order,cancel_order,help --json',
    'echo "где мой заказ?" | botllm try intent -',
  ],
  config: async (ctx, { arguments: [text], options }) => {
    const message = await readText(text, ctx, textHint('try intent'));
    const { BotPromptConfigs } = await import('../../prompts/bot-prompt-configs.js');
    const intents = options.intents as string[] | undefined;
    if (intents) return BotPromptConfigs.classifyUserIntent({ message, availableIntents: intents });
    if (ctx.intents) {
      const { names, descriptions } = ctx.intents;
      return BotPromptConfigs.classifyUserIntent({ message, availableIntents: names, descriptions });
    }
    ctx.out.note(messages.guideIntents(GUIDE_INTENTS.join(', ')));
    return BotPromptConfigs.classifyUserIntent({ message, availableIntents: GUIDE_INTENTS });
  },
  text: describe,
});

function describe(data: IntentData, style: Style): string {
  const entities = Object.entries(data.entities).map(([name, value]) => `${name}: ${printable(value)}`);
  return fields(
    [
      ['intent', style.paint('bold', data.intent)],
      ['confidence', data.confidence === null ? messages.unknownConfidence : data.confidence.toFixed(2)],
      ['entities', entities.length > 0 ? entities.join(', ') : messages.noEntities],
    ],
    style,
  );
}
