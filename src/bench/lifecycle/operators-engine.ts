import { z } from 'zod';
import { ComposeChoice, readChoice } from '../../engines/compose/choice.js';
import { findContainer, isUp } from '../../engines/compose/container.js';
import type { RunTool } from '../../engines/compose/run-tool.js';
import { stopContainer } from '../../engines/compose/stop.js';
import type { ServiceManager } from '../../engines/service/manager.js';
import { EngineState, liveState } from '../../engines/state.js';
import { GRACE_MS, stopEngine } from '../../engines/stop.js';
import type { HomeLayout } from '../../settings/home.js';

/** What serves the operator: a process of his home, or the container that `up` started or found. */
export const OperatorsEngine = z.union([EngineState, ComposeChoice]);
export type OperatorsEngine = z.infer<typeof OperatorsEngine>;

export interface OperatorsPlace {
  layout: HomeLayout;
  run: RunTool;
  /** The names that the settings give the engine's container and its Redis. */
  known: readonly string[];
  /** What runs the home's unit; null: none is installed. */
  service: () => Promise<Pick<ServiceManager, 'stop'> | null>;
}

/** The name of its model. */
export function servedBy(engine: OperatorsEngine): string {
  return engine.engine === 'compose' ? engine.model : engine.model.name;
}

/** Undefined also where Docker cannot be asked: then nothing of it runs that anybody knows of. */
export async function operatorsEngine(
  layout: HomeLayout,
  run: RunTool,
): Promise<OperatorsEngine | undefined> {
  const live = await liveState(layout);
  if (live) return live;
  const choice = await readChoice(layout);
  if (choice === null || !isUp(await findContainer(run, choice.container))) return undefined;
  return choice;
}

/**
 * Stops it so that it can come back: a container stays where it is, with all that is in it.
 * @throws BotllmError `ENGINE_FAILED` when it does not stop; `BAD_CONFIG` for a container that is not to be stopped
 */
export async function stopOperators(
  engine: OperatorsEngine,
  { layout, run, known, service }: OperatorsPlace,
): Promise<void> {
  if (engine.engine === 'compose') return stopContainer(engine.container, { run, known, graceMs: GRACE_MS });
  // One that is killed under its manager comes back at once.
  if (engine.service !== undefined) await (await service())?.stop();
  await stopEngine(layout, engine, GRACE_MS);
}

/** Whether it is to be started again. The operator may have done something himself meanwhile: that is what he wants. */
export async function isMissed(
  stopped: OperatorsEngine,
  { layout, run }: Pick<OperatorsPlace, 'layout' | 'run'>,
): Promise<boolean> {
  if (await liveState(layout)) return false;
  const choice = await readChoice(layout);
  const runs = choice !== null && isUp(await findContainer(run, choice.container));
  if (stopped.engine !== 'compose') return !(runs && choice.port === stopped.port);
  // A `down` has forgotten it, an `up` of another name has another.
  return !runs && choice?.container === stopped.container;
}
