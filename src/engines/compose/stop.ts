import { BotllmError } from '../../errors.js';
import { inspectContainer, isUp } from './container.js';
import { requireOurs } from './down.js';
import { SAY } from './messages.js';
import type { RunTool } from './run-tool.js';

/** Ctrl-C in a terminal reaches Docker's own program, too. */
const TRIES = 2;

/**
 * Stops a container and leaves it there, so that `docker start` has it run again as it was.
 * @param known the names that the settings give the engine and its Redis
 * @throws BotllmError `BAD_CONFIG` for one that is not ours, or that Docker would remove; `ENGINE_FAILED` when it
 * does not stop; `MISSING_PREREQUISITE` where Docker cannot be asked
 */
export async function stopContainer(
  name: string,
  { run, known, graceMs }: { run: RunTool; known: readonly string[]; graceMs: number },
): Promise<void> {
  const seconds = String(Math.max(0, Math.ceil(graceMs / 1000)));
  let detail: string | undefined;
  for (let tries = 0; ; tries += 1) {
    const found = await inspectContainer(run, name);
    if (!isUp(found)) return;
    requireOurs(found, known);
    if (tries === TRIES) {
      throw new BotllmError('ENGINE_FAILED', SAY.doesNotStop(name), { detail, hint: `docker stop ${name}` });
    }
    if (found.goesWhenStopped) {
      throw new BotllmError('BAD_CONFIG', SAY.goesWhenStopped(name), { hint: SAY.goesWhenStoppedHint });
    }
    const said = await run('docker', ['stop', '-t', seconds, name], { timeoutMs: graceMs + 30_000 });
    detail = said.stderr.trim().slice(0, 300) || undefined;
  }
}
