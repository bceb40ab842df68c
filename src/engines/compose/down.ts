import type { HomeLayout } from '../../settings/home.js';
import { type ComposeChoice, forgetChoice } from './choice.js';
import { inspectContainer } from './container.js';
import type { RunTool } from './run-tool.js';

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
  { run, layout, graceMs }: { run: RunTool; layout: HomeLayout; graceMs: number },
): Promise<ComposeDown> {
  const names = [choice.container, ...(choice.redis?.started ? [choice.redis.container] : [])];
  const removed: string[] = [];
  for (const name of names) {
    if ((await inspectContainer(run, name)) === undefined) continue;
    const seconds = String(Math.max(0, Math.ceil(graceMs / 1000)));
    await run('docker', ['stop', '-t', seconds, name], { timeoutMs: graceMs + 30_000 });
    await run('docker', ['rm', '-f', name], { timeoutMs: 60_000 });
    removed.push(name);
  }
  // The runtime's containers may still be in it; then it stays.
  const network = choice.env.LLM_NETWORK;
  if (network !== undefined) await run('docker', ['network', 'rm', network]);
  await forgetChoice(layout);
  return { removed };
}
