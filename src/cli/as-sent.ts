import { fromChat } from '../client/requests.js';
import { cleaned } from '../client/sanitise.js';
import type { ChatMessage } from '../types.js';
import { printable } from './style.js';

/** Messages as they go to the model, for somebody to read: what would steer its chat template lost its power. */
export function asSent(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  if (messages.length === 0) return [];
  const sent = cleaned(fromChat({ messages }));
  return sent.messages.map(({ role, content }) => ({ role, content: printable(content) }));
}
