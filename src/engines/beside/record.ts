import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { BotllmError } from '../../errors.js';
import type { HomeLayout } from '../../settings/home.js';
import * as z from '../../zod.js';
import { messages } from '../messages.js';
import { isSameProcess, processStartTime } from '../process-identity.js';

const Process = z.object({ pid: z.int().check(z.positive()), pidStartTime: z.string() });

/** An engine that a `switch` tries beside the one that serves: whoever finds it later must know whose it is. */
export const BesideRecord = z.object({
  schema: z.literal(1),
  /** The `switch` itself: while it lives, the engine is its own to end. */
  owner: Process,
  engine: z.optional(Process),
  /** A container and a network, whose names follow from the settings. */
  container: z._default(z.boolean(), false),
});
export type BesideRecord = z.infer<typeof BesideRecord>;

async function read({ besideState }: HomeLayout): Promise<BesideRecord | null> {
  try {
    return BesideRecord.parse(JSON.parse(await readFile(besideState, 'utf8')));
  } catch {
    return null;
  }
}

/** Writes down, for this process, what it starts beside. */
export async function writeBeside(
  { besideState }: HomeLayout,
  what: Partial<Pick<BesideRecord, 'engine' | 'container'>>,
): Promise<void> {
  const owner = { pid: process.pid, pidStartTime: (await processStartTime(process.pid)) ?? '' };
  await mkdir(path.dirname(besideState), { recursive: true });
  await writeFileAtomic(besideState, `${JSON.stringify({ schema: 1, owner, ...what }, null, 2)}\n`, {
    mode: 0o600,
  });
}

export async function forgetBeside({ besideState }: HomeLayout): Promise<void> {
  await rm(besideState, { force: true });
}

/**
 * Ends what a `switch` left behind that was killed itself.
 * @param removeContainer ends the container of that name; absent: one that is left stays recorded
 * @returns whether another `switch` is at work, whose engine was left alone
 */
export async function sweepBeside(
  layout: HomeLayout,
  removeContainer?: () => Promise<void>,
): Promise<boolean> {
  const left = await read(layout);
  if (left === null) return false;
  const { owner, engine, container } = left;
  if (await isSameProcess(owner.pid, owner.pidStartTime)) return owner.pid !== process.pid;
  if (engine && (await isSameProcess(engine.pid, engine.pidStartTime))) {
    // Nobody was ever sent to it.
    process.kill(engine.pid, 'SIGKILL');
  }
  if (container && removeContainer === undefined) return false;
  if (container) await removeContainer?.();
  await forgetBeside(layout);
  return false;
}

/** @throws BotllmError `NOT_READY` while another `switch` of this home is at work */
export async function requireNoOther(
  layout: HomeLayout,
  removeContainer?: () => Promise<void>,
): Promise<void> {
  if (!(await sweepBeside(layout, removeContainer))) return;
  throw new BotllmError('NOT_READY', messages.switchUnderWay, { hint: messages.switchUnderWayHint });
}
