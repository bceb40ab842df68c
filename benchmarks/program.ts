import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program that runs beside the benchmark; it ends when its input does, so none outlives this process. */
export interface Program extends AsyncDisposable {
  child: ChildProcess;
  /** Its next line of output. Rejects when it ended without one. */
  line(): Promise<string>;
  /** Says that nothing more will come, and waits for its end. */
  end(): Promise<void>;
}

/** Starts `path`, relative to this folder, with this very Node.js. */
export function startProgram(
  path: string,
  args: readonly string[] = [],
  flags: readonly string[] = [],
): Program {
  const file = fileURLToPath(new URL(path, import.meta.url));
  const child = spawn(process.execPath, [...flags, file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, 'exit');
  const end = async () => {
    child.stdin.end();
    await exited;
  };
  return {
    child,
    end,
    async line() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${path} ended before it said anything (${child.exitCode})`);
      return value;
    },
    [Symbol.asyncDispose]: end,
  };
}
