import { BotllmError } from '../../errors.js';
import { SAY } from './docker-messages.js';
import type { RunTool, ToolRun } from './run-tool.js';

/** Whether Docker can be used here, and else what is in the way. */
export type DockerProbe =
  | { state: 'running'; version: string }
  | { state: 'no-client' | 'no-permission' | 'down' | 'unknown'; detail: string };

/** One look at the Docker daemon. */
export async function probeDocker(run: RunTool): Promise<DockerProbe> {
  return readDockerVersion(await run('docker', ['version', '--format', '{{.Server.Version}}']));
}

/** What `docker version` says; the daemon gives no code, so its words have to do. */
export function readDockerVersion({ exitCode, stdout, stderr, missing }: ToolRun): DockerProbe {
  const version = stdout.trim();
  if (exitCode === 0 && /^\d/.test(version)) return { state: 'running', version };
  const detail = firstLine(stderr);
  if (missing) return { state: 'no-client', detail: SAY.noClient };
  if (/permission denied/i.test(stderr)) return { state: 'no-permission', detail };
  if (/cannot connect|is the docker daemon running|no such file|connection refused/i.test(stderr))
    return { state: 'down', detail };
  return { state: 'unknown', detail };
}

/**
 * The daemon's version.
 * @throws BotllmError `MISSING_PREREQUISITE`, with what to do
 */
export async function requireDocker(run: RunTool): Promise<string> {
  const probe = await probeDocker(run);
  if (probe.state === 'running') return probe.version;
  throw unasked(probe);
}

/** Why Docker gave no answer to a question, by what its program wrote: `MISSING_PREREQUISITE`. */
export function dockerFault(said: ToolRun): BotllmError {
  const probe = readDockerVersion({ ...said, exitCode: undefined });
  return unasked(probe.state === 'running' ? { state: 'unknown', detail: '' } : probe);
}

function unasked({ state, detail }: Exclude<DockerProbe, { state: 'running' }>): BotllmError {
  return new BotllmError('MISSING_PREREQUISITE', SAY.docker[state], { detail, hint: SAY.dockerHint[state] });
}

export const firstLine = (text: string): string => text.trim().split('\n')[0]?.trim().slice(0, 300) ?? '';

export interface LogOptions {
  /** The last so many lines. */
  tail?: number;
  /** As Docker takes it: a time, or a span such as `10m`. */
  since?: string;
}

/** What a container wrote, both streams together; empty where there is no such container. */
export async function containerLog(
  run: RunTool,
  name: string,
  { tail, since }: LogOptions = {},
): Promise<string[]> {
  const { exitCode, all } = await run('docker', [
    'logs',
    ...(tail === undefined ? [] : ['--tail', String(tail)]),
    ...(since === undefined ? [] : ['--since', since]),
    name,
  ]);
  return exitCode === 0 ? all.split('\n').filter((line) => line.trim() !== '') : [];
}

/** Names of the running containers that publish a port of this machine. */
export async function containersOnPort(run: RunTool, port: number): Promise<string[]> {
  const { exitCode, stdout } = await run('docker', [
    'ps',
    '--filter',
    `publish=${port}`,
    '--format',
    '{{.Names}}',
  ]);
  return exitCode === 0 ? stdout.split('\n').filter((name) => name !== '') : [];
}
