import { BotllmError } from '../errors.js';
import { containerMessages } from './container-messages.js';
import type { Context } from './context.js';
import { asBotllmError, type Outcome } from './output.js';

/** What serves now, and since when it could make a token, on `performance`'s clock. */
export interface Served {
  model: string;
  readyAt: number;
}

/** How the engine of this home is stopped, and started with one model or the other. */
export interface Way {
  before: string;
  /** Goes to its end also after Ctrl-C: what is half stopped can be brought back only then. */
  stop: () => Promise<unknown>;
  /** @param by the old one comes back also after Ctrl-C, which `ctx` has seen */
  start: (model: 'new' | 'old', by: Context) => Promise<Served>;
}

/** How a `switch` went about it: both at once, the new one tried beside first, or the old one stopped first. */
export type SwitchWay = 'moved' | 'tried-beside' | 'stopped-first';

/** Stops the one and starts the other; where that fails or is interrupted, the first again. */
export async function exchange(ctx: Context, way: Way, model: string, how: SwitchWay): Promise<Outcome> {
  // Nothing was touched yet.
  ctx.signal.throwIfAborted();
  const stoppedAt = performance.now();
  const seconds = ({ readyAt }: Served) => ((readyAt - stoppedAt) / 1000).toFixed(1);
  try {
    await way.stop();
    const now = await way.start('new', ctx);
    return switched(way.before, now.model, Number(seconds(now)), how);
  } catch (thrown) {
    const error = asBotllmError(thrown);
    ctx.out.explain(error);
    // A second Ctrl-C ends the process at once.
    const again = await way.start('old', { ...ctx, signal: new AbortController().signal });
    ctx.out.note(containerMessages.rolledBack(again.model, seconds(again)));
    throw failed(error, containerMessages.switchFailed(model, again.model));
  }
}

export function switched(before: string, model: string, downtimeS: number, way: SwitchWay): Outcome {
  const say = way === 'moved' ? containerMessages.moved : containerMessages.switched;
  const text = () => say(model, String(downtimeS));
  return { schema: 'switch', data: { switched: true, before, model, downtimeS, way }, text };
}

/** The error of the new one, said of the switch. */
export function failed(error: BotllmError, message: string): BotllmError {
  const { code, detail, hint } = error;
  const why = detail === undefined ? error.message : `${error.message}: ${detail}`;
  return new BotllmError(code, message, { detail: why, hint, cause: error });
}
