import type { ModelContext } from './context.js';
import { SAY } from './messages.js';
import { refuse } from './refuse.js';

const NAMES = ['python3', 'python'];

/**
 * The first Python of PATH that has pip.
 * @throws BotllmError `MISSING_PREREQUISITE`, naming the other ways to a model
 */
export async function findPython(needs: string, ctx: ModelContext, signal: AbortSignal): Promise<string> {
  const { execa } = await import('execa');
  const why: string[] = [];
  for (const name of NAMES) {
    const found = await execa(name, ['-m', 'pip', '--version'], {
      env: ctx.env,
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      timeout: 60_000,
      cancelSignal: signal,
    });
    signal.throwIfAborted();
    if (!found.failed) return name;
    why.push(`${name}: ${found.exitCode === undefined ? SAY.notFound : lastLine(found.stderr)}`);
  }
  throw refuse('MISSING_PREREQUISITE', SAY.noPython(needs, why.join('; ')));
}

/** What a program said last, which is where pip and Python put the cause. */
export function lastLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const cause = lines.findLast((line) => /^ERROR:|Error:/.test(line)) ?? lines.at(-1);
  return (cause ?? SAY.saidNothing).trim().slice(0, 300);
}
