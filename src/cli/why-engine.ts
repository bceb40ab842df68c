import type { ChoiceReason } from '../engines/choose.js';
import type { EngineKind } from '../engines/state.js';
import { messages } from './messages.js';

/** Which engine, and why that one, in words. */
export function whyThis(
  engine: EngineKind,
  { reason, binary = '' }: { reason: ChoiceReason; binary?: string | undefined },
): string {
  return `${messages.engineIs[engine]} (${messages.engineWhy[reason](binary)})`;
}
