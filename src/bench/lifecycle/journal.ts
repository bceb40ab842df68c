import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { RunTool } from '../../engines/compose/run-tool.js';
import { withEngineLock } from '../../engines/lock.js';
import { isSameProcess, processStartTime } from '../../engines/process-identity.js';
import { liveState } from '../../engines/state.js';
import { stopEngine } from '../../engines/stop.js';
import { BotllmError } from '../../errors.js';
import type { HomeLayout } from '../../settings/home.js';
import { benchLayout, journalFile } from './bench-layout.js';
import { messages } from './messages.js';
import { isMissed, OperatorsEngine, type OperatorsPlace, stopOperators } from './operators-engine.js';
import { OwnContainer, removeOwnContainer } from './own-container.js';

/** Who measures, and what he took away: written before it is done, read by whoever comes after a crash. */
const Journal = z.object({
  schema: z.literal(1),
  pid: z.number().int().positive(),
  pidStartTime: z.string(),
  /** The operator's engine, which was stopped for the bench and is to run again. */
  stopped: OperatorsEngine.optional(),
  /** What the bench serves models in. */
  container: OwnContainer.optional(),
});
type Journal = z.infer<typeof Journal>;

export interface JournalContext {
  layout: HomeLayout;
  /** Starts the operator's engine again as it was. Not bound by the bench's own interruption. */
  bringBack: (engine: OperatorsEngine) => Promise<void>;
  /** Docker; not bound by the bench's own interruption. */
  sweep: RunTool;
  /** The names that the settings give the engine's container and its Redis. */
  known: readonly string[];
  /** What runs the home's unit; null: none is installed. */
  service: OperatorsPlace['service'];
  /** What a bench that crashed had left behind, now put right. */
  onRecovered: (what: { stoppedOwn: boolean; broughtBack: OperatorsEngine | undefined }) => void;
}

export interface OpenJournal {
  /** To be told before a container is made: Docker keeps it when this process is killed. */
  starting: (container: OwnContainer) => Promise<void>;
  /** Stops the operator's engine until the bench is over. */
  stopRunning: (engine: OperatorsEngine) => Promise<void>;
}

/** An own engine answers nobody but the bench, so there is little to wait for. */
const OWN_GRACE_MS = 2_000;

/**
 * Runs a bench that may start engines of its own and stop the operator's. What it changed is put right
 * afterwards, however it ends; what an earlier one left behind when it crashed, before.
 * @throws BotllmError `NOT_READY` while another bench of this home is under way
 */
export async function withJournal<T>(
  ctx: JournalContext,
  work: (journal: OpenJournal) => Promise<T>,
): Promise<T> {
  const { layout, sweep: run, known, service } = ctx;
  const file = journalFile(layout);
  await mkdir(path.dirname(file), { recursive: true });
  const own = await begin(ctx);
  try {
    return await work({
      starting: async (container) => {
        own.container = container;
        await writeJournal(file, own);
      },
      stopRunning: async (engine) => {
        own.stopped = engine;
        await writeJournal(file, own);
        await stopOperators(engine, { layout, run, known, service });
      },
    });
  } finally {
    await putRight(ctx, own);
    await rm(file, { force: true });
  }
}

/**
 * Puts right what a bench that crashed left behind; to be done before anybody looks at what runs.
 * @throws BotllmError `NOT_READY` while another bench of this home is under way
 */
export async function recoverBench(ctx: JournalContext): Promise<void> {
  const file = journalFile(ctx.layout);
  const left = await readJournal(file);
  if (!left) return;
  if (await isSameProcess(left.pid, left.pidStartTime)) {
    throw new BotllmError('NOT_READY', messages.otherBench(left.pid), { hint: messages.otherBenchHint });
  }
  ctx.onRecovered(await putRight(ctx, left));
  await rm(file, { force: true });
}

/** One at a time: two that start together are not both first. */
async function begin(ctx: JournalContext): Promise<Journal> {
  return withEngineLock(benchLayout(ctx.layout), { waitMs: 30_000 }, async () => {
    await recoverBench(ctx);
    const own: Journal = {
      schema: 1,
      pid: process.pid,
      pidStartTime: (await processStartTime(process.pid)) ?? '',
    };
    await writeJournal(journalFile(ctx.layout), own);
    return own;
  });
}

async function putRight({ layout, bringBack, sweep }: JournalContext, { stopped, container }: Journal) {
  const place = benchLayout(layout);
  const own = await liveState(place);
  if (own) await stopEngine(place, own, OWN_GRACE_MS);
  const hadContainer = container !== undefined && (await removeOwnContainer(container, place, sweep));
  const missed = stopped && (await isMissed(stopped, { layout, run: sweep })) ? stopped : undefined;
  if (missed) await bringBack(missed);
  return { stoppedOwn: own !== null || hadContainer, broughtBack: missed };
}

async function readJournal(file: string): Promise<Journal | null> {
  try {
    return Journal.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

async function writeJournal(file: string, journal: Journal): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(journal, null, 2)}\n`, { mode: 0o600 });
}
