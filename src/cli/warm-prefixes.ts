import type { ComposeChoice } from '../engines/compose/choice.js';
import { isBotllmError } from '../errors.js';
import { BotPromptConfigs } from '../prompts/bot-prompt-configs.js';
import { clientFor } from './client.js';
import { containerMessages } from './container-messages.js';
import type { Context } from './context.js';

/** What is constant in a task comes first; a processor reads it once in advance, for at most this long in all. */
const WITHIN_MS = 120_000;

/**
 * Has the engine read the instructions of the four tasks, so that the first user does not wait for it. One token
 * each; no quota, no cache. What fails here is only slower later.
 */
export async function warmPrefixes(ctx: Context, { endpoint, model }: ComposeChoice): Promise<void> {
  await using llm = await clientFor(
    { ...ctx, timeoutMs: WITHIN_MS },
    { engine: 'compose', state: 'ready', endpoint, model },
  );
  const questions = [
    BotPromptConfigs.classifyUserIntent({
      message: 'Привет',
      availableIntents: ['book_service', 'cancel_booking', 'get_info', 'help'],
    }),
    BotPromptConfigs.smartValidateInput({ userInput: '-', expectation: 'дата' }),
    BotPromptConfigs.generateDynamicMenu({ context: '-', topic: 'услуги' }),
    BotPromptConfigs.improveText({ text: 'Заказ готов' }),
  ];
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(WITHIN_MS)]);
  for (const { messages: said } of questions) {
    try {
      await llm.chat(
        { messages: said, maxTokens: 1, temperature: 0 },
        { signal, limit: false, cache: false },
      );
    } catch (error) {
      ctx.signal.throwIfAborted();
      // An answer of one token is a cut one; the prefix was read all the same.
      if (isBotllmError(error, 'INCOMPLETE_RESPONSE')) continue;
      ctx.out.note(containerMessages.prefixesCold);
      return;
    }
  }
}
