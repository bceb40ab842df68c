import type { HomeLayout } from '../../settings/home.js';
import { type ComposeChoice, forgetChoice } from './choice.js';
import { findContainer } from './docker/container.js';
import type { Docker } from './docker/docker.js';

/** What `down` did. */
export interface ComposeDown {
  /** Containers that were removed; the weights' volume and the network stay. */
  removed: string[];
}

/**
 * Stops and removes the engine's container, and the Redis that `up` started beside it: what it holds are minutes of
 * answers. One that was there before stays.
 * @param graceMs how long the engine may finish what is in flight
 * @throws BotllmError `MISSING_PREREQUISITE`
 */
export async function composeDown(
  choice: ComposeChoice,
  { docker, layout, graceMs }: { docker: Docker; layout: HomeLayout; graceMs: number },
): Promise<ComposeDown> {
  const names = [choice.container, ...(choice.redis?.started ? [choice.redis.container] : [])];
  const removed: string[] = [];
  for (const name of names) {
    if ((await findContainer(docker, name)) === null) continue;
    const seconds = String(Math.max(0, Math.ceil(graceMs / 1000)));
    await docker.run(['stop', '-t', seconds, name], { timeoutMs: graceMs + 30_000 });
    await docker.run(['rm', '-f', name], { timeoutMs: 60_000 });
    removed.push(name);
  }
  // The runtime's containers may still be in it; then it stays.
  const network = choice.env.LLM_NETWORK;
  if (network !== undefined) await docker.run(['network', 'rm', network]);
  await forgetChoice(layout);
  return { removed };
}
