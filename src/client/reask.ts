import type { BotllmError } from '../errors.js';
import type { EngineAnswer } from './answer.js';
import { reaskText } from './messages.js';
import type { EngineRequest } from './requests.js';
import { cleaned } from './sanitise.js';

/** Enough to see what was wrong; a model that ran wild is not quoted in full. */
const MAX_QUOTED = 2000;

/**
 * The question once more, with the refused answer and the reason behind it. The beginning stays as it was, so
 * the engine prefills only the addition; and it is another request, so no cache on the way gives the old answer.
 * What the model wrote is no safer than what the user wrote, who may have told it what to write.
 */
export function reaskRequest(
  request: EngineRequest,
  refused: EngineAnswer,
  reason: BotllmError,
): EngineRequest {
  return cleaned({
    ...request,
    messages: [
      ...request.messages,
      { role: 'assistant', content: refused.text.slice(0, MAX_QUOTED) },
      { role: 'user', content: reaskText(reason.message) },
    ],
  });
}
