import { type OpenJournal, withJournal } from '../bench/lifecycle/journal.js';
import type { BotllmError } from '../errors.js';
import { makeHome } from '../settings/make-home.js';
import type { Context } from './context.js';
import { journalContext } from './operators-engine.js';
import { asBotllmError } from './output.js';

export interface Outcome<T> {
  result: T;
  /** Why what was changed for it could not be put right: said already, and to be seen in the exit code. */
  left?: BotllmError;
}

/**
 * Runs a measurement that starts engines or stops the operator's, and puts that right afterwards. Its result outlives
 * an engine that cannot be put right.
 * @throws BotllmError `NOT_READY` while another one of this home is under way; what `work` throws
 */
export async function withinJournal<T>(
  ctx: Context,
  work: (journal: OpenJournal) => Promise<T>,
): Promise<Outcome<T>> {
  makeHome(ctx.layout.home);
  let done: Outcome<T> | undefined;
  try {
    await withJournal(journalContext(ctx), async (journal) => {
      done = { result: await work(journal) };
    });
  } catch (thrown) {
    if (done === undefined) throw thrown;
    done.left = asBotllmError(thrown);
    ctx.out.explain(done.left);
  }
  // `withJournal` throws where `work` did.
  return done as Outcome<T>;
}
