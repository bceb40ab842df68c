import { BotllmError } from '../../errors.js';
import { SAY } from './docker-messages.js';
import type { RunTool, ToolRun } from './run-tool.js';

/** The Compose that this machine has: `docker compose` (2 and later), or the old `docker-compose` (1). */
export interface ComposeTool {
  command: 'docker' | 'docker-compose';
  /** Before Compose's own words. */
  prefix: readonly string[];
  version: string;
  major: number;
}

/** The plugin where there is one, else the old program; undefined where there is neither. */
export async function findCompose(run: RunTool): Promise<ComposeTool | undefined> {
  const plugin = readVersion(await run('docker', ['compose', 'version', '--short']));
  if (plugin) return { command: 'docker', prefix: ['compose'], ...plugin };
  const old = readVersion(await run('docker-compose', ['version', '--short']));
  return old && { command: 'docker-compose', prefix: [], ...old };
}

/** @throws BotllmError `MISSING_PREREQUISITE` */
export async function requireCompose(run: RunTool): Promise<ComposeTool> {
  const tool = await findCompose(run);
  if (tool) return tool;
  throw new BotllmError('MISSING_PREREQUISITE', SAY.noCompose, {
    detail: SAY.noComposeDetail,
    hint: SAY.noComposeHint,
  });
}

/** `2.39.1`, `v5.0.0` or `1.29.2`; a docker without the plugin takes `--short` for an option of its own. */
function readVersion({ exitCode, stdout }: ToolRun): { version: string; major: number } | undefined {
  const found = /^v?((\d+)\.\d+\S*)/.exec(stdout.trim());
  if (exitCode !== 0 || !found?.[1]) return undefined;
  return { version: found[1], major: Number(found[2]) };
}
