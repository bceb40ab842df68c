import { GRACE_MS, stopEngine } from '../engines/stop.js';
import type { UpResult } from '../engines/up.js';
import { BotllmError } from '../errors.js';
import type { Context } from './context.js';
import { messages } from './messages.js';

/** Stays as long as the engine does, and stops it when it is asked to stop. @returns whether it drained */
export async function stayInForeground(
  { out, signal, layout }: Context,
  { process: engine, state }: UpResult,
): Promise<boolean> {
  out.note(messages.foreground);
  // Bounded: a server that does not end when it is asked to is killed in the end.
  const stop = () => void stopEngine(layout, state, GRACE_MS).catch(() => undefined);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  const how = await engine?.exited;
  await stopEngine(layout, state, 0);
  const drained = how === 'exit code 0';
  if (!signal.aborted && !drained) {
    throw new BotllmError('ENGINE_FAILED', messages.engineEnded(String(how)), {
      hint: 'botllm up --foreground',
    });
  }
  return drained;
}
