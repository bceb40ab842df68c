import { type EngineCondition, type EngineStatus, engineStatus } from '../engines/status.js';
import type { Context } from './context.js';
import { toolsOf } from './docker.js';
import { EXIT } from './exit-codes.js';
import { messages } from './messages.js';
import { printable } from './style.js';

/** The engine that commands mean: the one that `--base-url` names, else this home's. */
export async function observe(ctx: Context, detail = false): Promise<EngineStatus> {
  const { layout, signal, remoteUrl, settings } = ctx;
  const run = toolsOf(ctx);
  const { apiKey } = settings;
  return engineStatus(layout, { signal, run, apiKey, detail, remoteUrl: await remoteUrl() });
}

/** A query carries the state in its exit code, in text and in JSON alike. */
export function exitOf(state: EngineCondition): number {
  if (state === 'ready') return EXIT.ok;
  return state === 'stopped' ? EXIT.notRunning : EXIT.notReady;
}

/** Cached answers carry the configured name, so another model behind it is worth a line. */
export async function noteOtherModel({ out, settings }: Context, engine: EngineStatus): Promise<void> {
  const { model } = settings;
  if (model === undefined || engine.model === undefined) return;
  const { meansServedName } = await import('../models/catalogue.js');
  if (meansServedName(model, engine.model)) return;
  out.note(messages.otherModel(printable(model), printable(engine.model)));
}
