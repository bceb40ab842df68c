import type { Env } from '../../settings/read.js';

/** How a program ended, with all it wrote. */
export interface ToolRun {
  /** Undefined: it was killed, timed out or could not be started. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** Both, in the order in which they came. */
  all: string;
  /** There is no such program. */
  missing: boolean;
}

export interface ToolOptions {
  /** Longest run, milliseconds; default 20 s. */
  timeoutMs?: number;
  /** Variables beside those that it inherits. */
  env?: Readonly<Record<string, string>>;
  /** Its standard input; default: none. */
  input?: string;
  /** Every line as it comes, of both streams. */
  onLine?: (line: string) => void;
}

/** Runs one program to its end. Rejects only when the caller aborted; how it ended is the result. */
export type RunTool = (command: string, args: readonly string[], options?: ToolOptions) => Promise<ToolRun>;

const DEFAULT_TIMEOUT_MS = 20_000;

/** Programs of this machine, with this environment and no shell between. */
export function toolRunner(env: Env, signal?: AbortSignal): RunTool {
  return async (command, args, { timeoutMs = DEFAULT_TIMEOUT_MS, env: more, input, onLine } = {}) => {
    const { execa } = await import('execa');
    signal?.throwIfAborted();
    const child = execa(command, [...args], {
      env: { ...env, ...more },
      extendEnv: false,
      reject: false,
      all: true,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
      timeout: timeoutMs,
      ...(signal ? { cancelSignal: signal } : {}),
    });
    if (onLine) void tell(child.iterable({ from: 'all' }), onLine);
    const { exitCode, stdout, stderr, all, code, timedOut } = await child;
    signal?.throwIfAborted();
    const late = timedOut ? `no answer within ${timeoutMs / 1000} s` : '';
    return {
      exitCode,
      stdout,
      stderr: stderr || late,
      all: all || late,
      missing: code === 'ENOENT',
    };
  };
}

async function tell(lines: AsyncIterable<unknown>, onLine: (line: string) => void): Promise<void> {
  try {
    for await (const line of lines) onLine(String(line));
  } catch {
    // It was ended; its result says how.
  }
}
