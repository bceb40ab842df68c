import { BotllmError } from '../../errors.js';
import type { HomeLayout } from '../../settings/home.js';
import { type ComposeChoice, forgetChoice } from './choice.js';
import { type Container, inspectContainer } from './container.js';
import { SAY } from './messages.js';
import type { RunTool } from './run-tool.js';

/** What `down` did. */
export interface ComposeDown {
  /** Containers that were removed; the weights' volume and the network stay. */
  removed: string[];
}

export interface ComposeDownContext {
  run: RunTool;
  layout: HomeLayout;
  graceMs: number;
  /** The names that the settings give the engine and its Redis. */
  known: readonly string[];
}

/**
 * A home may have come with somebody's project: its record must not have any container of this machine removed.
 * @throws BotllmError `BAD_CONFIG`
 */
export function requireOurs({ name, labels }: Container, known: readonly string[]): void {
  const service = labels['com.docker.compose.service'];
  if (known.includes(name) || service === 'llm' || service === 'redis') return;
  throw new BotllmError('BAD_CONFIG', SAY.foreignRecord(name), { hint: SAY.foreignRecordHint(name) });
}

/**
 * Stops and removes the engine's container, and the Redis that `up` started beside it: what it holds are minutes of
 * answers. One that was there before stays.
 * @param graceMs how long the engine may finish what is in flight
 * @throws BotllmError `MISSING_PREREQUISITE`
 */
export async function composeDown(
  choice: ComposeChoice,
  { run, layout, graceMs, known }: ComposeDownContext,
): Promise<ComposeDown> {
  const names = [choice.container, ...(choice.redis?.started ? [choice.redis.container] : [])];
  const removed: string[] = [];
  for (const name of names) {
    const found = await inspectContainer(run, name);
    if (found === undefined) continue;
    requireOurs(found, known);
    const seconds = String(Math.max(0, Math.ceil(graceMs / 1000)));
    await run('docker', ['stop', '-t', seconds, name], { timeoutMs: graceMs + 30_000 });
    await run('docker', ['rm', '-f', '-v', name], { timeoutMs: 60_000 });
    removed.push(name);
  }
  // The runtime's containers may still be in it; then it stays.
  const network = choice.env.LLM_NETWORK;
  if (network !== undefined) await run('docker', ['network', 'rm', network]);
  await forgetChoice(layout);
  return { removed };
}
