import path from 'node:path';
import { improveSpec, type SpecResult } from '../actions/improve-spec.js';
import { findMessages, type SpecMessage, withTexts } from '../actions/spec.js';
import { BotllmError, isBotllmError } from '../errors.js';
import { clientFor } from './client.js';
import type { Context } from './context.js';
import { engineToAsk } from './engine-to-ask.js';
import { type ImproveJournal, openJournal } from './improve-journal.js';
import { improveMessages } from './improve-messages.js';
import { noteOtherModel } from './observe.js';
import { readSpecFile, type SpecSource } from './spec-source.js';

export interface ImproveWish {
  tone?: string;
  concurrency: number;
  anew?: boolean;
  up?: boolean;
}

export interface SpecChange {
  message: SpecMessage;
  text: string;
}

export interface ImprovedSpec {
  changes: readonly SpecChange[];
  /** Messages that stay as they are because no answer for them was taken. */
  kept: readonly SpecResult[];
  /** Messages that the model left as they are. */
  unchanged: number;
  /** Messages that say `llm_improve: false`. */
  refused: number;
  /** The whole specification with its changes. */
  text: string;
  journal: ImproveJournal;
}

/**
 * Improves a specification's messages; answers are kept at once, so that a run that is cut loses none.
 * @throws BotllmError `INVALID_REQUEST` for a specification that is not right, and what keeps the model from
 *   being asked
 */
export async function improveSource(
  ctx: Context,
  source: SpecSource,
  { tone, concurrency, anew = false, up = false }: ImproveWish,
): Promise<ImprovedSpec> {
  const found = await findMessages(source.text, source.format);
  if (found.length === 0) {
    throw new BotllmError('INVALID_REQUEST', improveMessages.nothing, { hint: improveMessages.nothingHint });
  }
  const wanted = found.filter(({ refused }) => !refused);
  const { engine, missing } = await engineToAsk(ctx, up);
  noteOtherModel(ctx, engine);
  const journal = await openJournal({
    folder: path.join(ctx.layout.state, 'improve'),
    of: source.file ?? source.text,
    model: ctx.settings.model ?? engine.model,
    tone,
    anew,
  });
  const known = wanted.filter((message) => journal.get(message) !== undefined).length;
  if (known > 0) ctx.out.note(improveMessages.resumed(known));
  if (missing && known < wanted.length) throw missing;
  await using llm = await clientFor(ctx, engine, missing);
  const progress = ctx.out.progress();
  const results: SpecResult[] = [];
  const saved: Promise<void>[] = [];
  const onResult = (result: SpecResult) => {
    const { message, text, remembered } = result;
    results.push(result);
    if (text !== undefined && !remembered) saved.push(journal.keep(message, text));
    ctx.out.event({ type: 'improve', path: message.path, done: results.length, of: wanted.length });
    progress.step(improveMessages.step(results.length, wanted.length), results.length / wanted.length);
  };
  try {
    const { signal } = ctx;
    await improveSpec(wanted, { llm, signal, tone, concurrency, remembered: journal.get, onResult });
  } catch (error) {
    throw resumable(error, results.length);
  } finally {
    progress.done();
    await Promise.all(saved);
  }
  return {
    ...sorted(results, ctx),
    refused: found.length - wanted.length,
    ...changed(source, results),
    journal,
  };
}

/** Puts the changes into the file in one step, unless somebody else has changed it. */
export async function writeSpec(
  file: string,
  given: string,
  before: string,
  { text, journal, changes }: ImprovedSpec,
): Promise<void> {
  if (changes.length === 0) return;
  if ((await readSpecFile(file, given)) !== before) {
    throw new BotllmError('USAGE', improveMessages.changed(given), { hint: improveMessages.changedHint });
  }
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(file, text).catch((cause) => {
    const detail = (cause as NodeJS.ErrnoException).code;
    throw new BotllmError('USAGE', improveMessages.notWritten(given), { detail, cause });
  });
  // A later run of this file finds them as good as they are, and asks about what is new.
  for (const { message, text: better } of changes) await journal.keep({ ...message, text: better }, better);
}

function changed({ text }: SpecSource, results: readonly SpecResult[]) {
  const changes = results
    .flatMap((result) =>
      result.text === undefined || result.text === result.message.text
        ? []
        : [{ message: result.message, text: result.text }],
    )
    .toSorted((a, b) => a.message.range[0] - b.message.range[0]);
  return {
    changes,
    text: withTexts(
      text,
      changes.map(({ message, text }) => ({ range: message.range, text })),
    ),
  };
}

function sorted(results: readonly SpecResult[], { out }: Context) {
  const kept = results.filter(({ error }) => error !== undefined);
  for (const { message, error } of kept) out.note(improveMessages.stays(message.path, error?.message ?? ''));
  return { kept, unchanged: results.filter(({ message, text }) => text === message.text).length };
}

/** What is done is kept; whoever reads the error should know. */
function resumable(error: unknown, done: number): unknown {
  if (!isBotllmError(error) || done === 0) return error;
  const { code, message, detail, hint = improveMessages.resume } = error;
  return new BotllmError(code, message, { detail: detail ?? improveMessages.resume, hint, cause: error });
}
