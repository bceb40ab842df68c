import type { EngineStatus } from '../engines/status.js';
import { messages } from './messages.js';

/** What to type next about an engine in this state. Nothing here starts a remote one: only its address may be wrong. */
export function nextStep({ engine, state }: EngineStatus): string | undefined {
  return engine === 'remote' && state === 'stopped' ? messages.remoteStopped : messages.statusNext[state];
}
