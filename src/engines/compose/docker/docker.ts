import type { Env } from '../../../settings/read.js';
import { dockerFault } from './faults.js';

/** What a command of Docker's left. */
export interface DockerRun {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface DockerOptions {
  env: Env;
  signal?: AbortSignal | undefined;
}

/** How Compose is called here: the plugin (any version from 2 on) or the old program. */
export interface ComposeFlavour {
  command: readonly [string, ...string[]];
  version: string;
}

/** One look costs Docker milliseconds; a daemon that hangs must not hang us. */
const LOOK_MS = 10_000;
/** More of a log than anybody reads at once. */
const MAX_OUTPUT = 8 * 1024 * 1024;

/** Docker's own command line: it knows contexts, hosts and rights better than a client of ours would. */
export class Docker {
  private known: Promise<ComposeFlavour> | undefined;

  constructor(readonly options: DockerOptions) {}

  /** The same without the signal: what was started is taken down after Ctrl-C, too. */
  uninterrupted(): Docker {
    return new Docker({ env: this.options.env });
  }

  /**
   * Runs `docker …` and gives what it said, whatever its exit code.
   * @throws BotllmError `MISSING_PREREQUISITE` where there is no docker, or no daemon that may be asked
   */
  async run(args: readonly string[], given: { timeoutMs?: number; env?: Env } = {}): Promise<DockerRun> {
    const result = await this.execute(['docker', ...args], given);
    const fault = result.exitCode === 0 ? undefined : dockerFault(result);
    if (fault) throw fault;
    return result;
  }

  /** The daemon's version. @throws BotllmError `MISSING_PREREQUISITE` */
  async serverVersion(): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(['version', '--format', '{{.Server.Version}}']);
    const version = stdout.trim();
    if (exitCode === 0 && version !== '') return version;
    throw dockerFault({
      exitCode: 1,
      stdout,
      stderr: stderr || 'Cannot connect to the Docker daemon',
    }) as Error;
  }

  /** `docker compose`, else `docker-compose`. @throws BotllmError `MISSING_PREREQUISITE` where there is neither */
  flavour(): Promise<ComposeFlavour> {
    this.known ??= this.findFlavour();
    return this.known;
  }

  /** Runs Compose. Its words come back and go nowhere else: stdout is ours. */
  async compose(
    args: readonly string[],
    { env, timeoutMs = 30 * 60_000 }: { env?: Env; timeoutMs?: number } = {},
  ): Promise<DockerRun> {
    const { command } = await this.flavour();
    const result = await this.execute([...command, ...args], { timeoutMs, ...(env && { env }) });
    const fault = result.exitCode === 0 ? undefined : dockerFault(result);
    if (fault) throw fault;
    return result;
  }

  /** Follows a command's output line by line, until it ends or the signal aborts. */
  async follow(args: readonly string[], onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
    const { execa } = await import('execa');
    const child = execa('docker', args, {
      ...this.surroundings(),
      all: true,
      buffer: false,
      reject: false,
      stdin: 'ignore',
      cancelSignal: signal,
    });
    try {
      for await (const line of child.iterable({ from: 'all' })) onLine(String(line));
      await child;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  private async findFlavour(): Promise<ComposeFlavour> {
    const plugin = await this.execute(['docker', 'compose', 'version', '--short']);
    const pluginVersion = plugin.stdout.trim().replace(/^v/, '');
    // An old docker takes `compose` for something else, and may end with 0 all the same.
    if (plugin.exitCode === 0 && /^\d+\./.test(pluginVersion))
      return { command: ['docker', 'compose'], version: pluginVersion };
    const old = await this.execute(['docker-compose', 'version', '--short']);
    if (old.exitCode === 0) return { command: ['docker-compose'], version: old.stdout.trim() };
    throw dockerFault({ exitCode: 127, stdout: '', stderr: 'docker-compose: not found' }) as Error;
  }

  private surroundings(env?: Env) {
    return { env: { ...this.options.env, ...env } as Record<string, string>, extendEnv: false } as const;
  }

  private async execute(
    [command = 'docker', ...args]: readonly string[],
    { timeoutMs = LOOK_MS, env }: { timeoutMs?: number; env?: Env } = {},
  ): Promise<DockerRun> {
    const { execa } = await import('execa');
    const { signal } = this.options;
    const result = await execa(command, args, {
      ...this.surroundings(env),
      reject: false,
      stdin: 'ignore',
      timeout: timeoutMs,
      maxBuffer: MAX_OUTPUT,
      ...(signal && { cancelSignal: signal }),
    });
    signal?.throwIfAborted();
    if (result.code === 'ENOENT') return { exitCode: 127, stdout: '', stderr: `${command}: not found` };
    const late = result.timedOut ? `${command} did not answer within ${timeoutMs / 1000} s` : '';
    return { exitCode: result.exitCode ?? 1, stdout: result.stdout, stderr: late || result.stderr };
  }
}
