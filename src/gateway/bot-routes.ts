import type { z } from 'zod';
import type { LlmClient } from '../client/client.js';
import { parseRequest } from '../openai-http/request-schemas.js';
import { BotPromptConfigs } from '../prompts/bot-prompt-configs.js';
import type { PromptConfig } from '../prompts/prompt-config.js';
import {
  asSent,
  ImproveRequest,
  IntentRequest,
  inCamelCase,
  MenuRequest,
  ValidateRequest,
} from './bot-requests.js';
import { callerOf } from './caller.js';
import { sourceHeader } from './completions.js';
import { json, type Route } from './exchange.js';

/**
 * The four tasks over HTTP: 200 with the library's result object, also where it is a fallback (`source`, and why in
 * `error`); 400 for what cannot be asked.
 */
export function botRoutes(llm: LlmClient): Readonly<Record<`/v1/bot/${string}`, Route>> {
  const task =
    <Request extends { userId?: string | null | undefined }>(
      schema: z.ZodType<Request>,
      config: (request: Request) => PromptConfig<unknown>,
    ): Route =>
    async (ask) => {
      const body = await ask.body();
      const request = parseRequest(schema, inCamelCase(body), (field) => asSent(body, field));
      const result = await llm.complete(config(request), {
        ...callerOf(ask, request.userId),
        onFailure: 'fallback',
      });
      return json(result, sourceHeader(result.source));
    };
  return {
    '/v1/bot/intent': task(IntentRequest, ({ message, availableIntents, descriptions = {} }) =>
      BotPromptConfigs.classifyUserIntent({ message, availableIntents, descriptions }),
    ),
    '/v1/bot/validate': task(ValidateRequest, ({ userInput, expectation, now }) =>
      BotPromptConfigs.smartValidateInput({ userInput, expectation, now: dayOf(now) }),
    ),
    '/v1/bot/menu': task(MenuRequest, ({ topic, context, fallbackItems }) =>
      BotPromptConfigs.generateDynamicMenu({ topic, context, fallbackItems }),
    ),
    '/v1/bot/improve': task(ImproveRequest, ({ text, tone }) => BotPromptConfigs.improveText({ text, tone })),
  };
}

/** A date alone is that day here, not midnight in Greenwich. */
function dayOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  return new Date(text.includes('T') ? text : `${text}T00:00`);
}
