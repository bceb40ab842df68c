import { BotllmError } from '../../errors.js';
import type { ComposeChoice } from './choice.js';
import { requireCompose } from './compose-tool.js';
import { SAY } from './messages.js';
import type { RunTool, ToolRun } from './run-tool.js';
import { startFault } from './start-fault.js';

export interface ComposeSurroundings {
  run: RunTool;
  secrets: { hfToken?: string | undefined; apiKey?: string | undefined };
  onNotice: (text: string) => void;
  onCompose: (line: string) => void;
}

/** The first start fetches an image of gigabytes. */
const PULL_MS = 60 * 60_000;

/** What docker-compose.llm.yml reads; an empty value counts as none there. */
const UNSET = Object.fromEntries(
  [
    ...['MODEL_ID', 'QUANTIZE', 'MAX_BATCH_TOTAL_TOKENS', 'HF_ENDPOINT', 'LLM_IMAGE', 'LLM_BIND', 'LLM_GPU'],
    ...['LLM_MEM_LIMIT', 'LLM_RUNTIME', 'LLM_WEIGHTS', 'LLM_VOLUME', 'REDIS_IMAGE'],
  ].map((name) => [name, '']),
);

type Stack = Pick<ComposeChoice, 'project' | 'files' | 'env'>;

/** Compose over this stack's files and values, whatever lies in the current folder. */
export async function composeRun(
  { project, files, env }: Stack,
  { run, secrets }: Pick<ComposeSurroundings, 'run' | 'secrets'>,
  words: readonly string[],
  onLine?: (line: string) => void,
): Promise<ToolRun> {
  const { hfToken, apiKey } = secrets;
  const args = ['-p', project, ...files.flatMap((file) => ['-f', file]), ...words];
  const tool = await requireCompose(run);
  const result = await run(tool.command, [...tool.prefix, ...args], {
    timeoutMs: PULL_MS,
    ...(onLine ? { onLine } : {}),
    // A secret that is withheld, or a setting that was not chosen, may stand in the shell all the same.
    env: { ...UNSET, ...env, HF_TOKEN: hfToken ?? '', LLM_API_KEY: apiKey ?? '' },
  });
  if (result.exitCode === 0) return result;
  const fault = startFault(result);
  if (fault) throw fault;
  throw new BotllmError('ENGINE_FAILED', SAY.composeFailed, {
    detail: lastError(result),
    hint: SAY.composeFailedHint,
  });
}

/** Starts the engine's service. */
export async function composeStart(
  choice: Stack & Pick<ComposeChoice, 'container'>,
  surroundings: ComposeSurroundings,
): Promise<void> {
  const { run, onNotice } = surroundings;
  const start = () => composeRun(choice, surroundings, ['up', '-d', 'llm'], surroundings.onCompose);
  try {
    await start();
  } catch (error) {
    // docker-compose 1.29 dies of a container that a newer engine made (docker/compose #11742).
    if (!(error instanceof BotllmError) || !/ContainerConfig/.test(error.detail ?? '')) throw error;
    onNotice(SAY.oldCompose);
    await run('docker', ['rm', '-f', choice.container], { timeoutMs: 60_000 });
    await start();
  }
}

/** Compose tells its progress on the same stream; what went wrong stands last, but for its own wrapper's word. */
function lastError({ stdout, stderr }: ToolRun): string {
  const lines = `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '' && !/Failed to execute script/.test(line));
  const telling = lines.findLast((line) => /error|cannot|failed|KeyError/i.test(line)) ?? lines.at(-1) ?? '';
  return telling.trim().slice(0, 300);
}
