import { z } from 'zod';
import type { Docker } from './docker.js';

/** What `docker inspect` tells of a container, as far as it is asked; stable since Docker 1.12. */
const Inspected = z.object({
  Id: z.string(),
  Name: z.string(),
  Created: z.string(),
  RestartCount: z.number().default(0),
  State: z.object({
    Status: z.string(),
    ExitCode: z.number(),
    OOMKilled: z.boolean().default(false),
    Pid: z.number().default(0),
    StartedAt: z.string(),
    Error: z.string().default(''),
    Health: z.object({ Status: z.string() }).nullish(),
  }),
  Config: z.object({
    Image: z.string(),
    Env: z.array(z.string()).nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
  HostConfig: z.object({ Memory: z.number().default(0), DeviceRequests: z.array(z.unknown()).nullish() }),
  NetworkSettings: z.object({
    Ports: z
      .record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullish())
      .nullish(),
    Networks: z.record(z.string(), z.unknown()).nullish(),
  }),
});

export interface Container {
  id: string;
  name: string;
  image: string;
  status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead' | (string & {});
  exitCode: number;
  oomKilled: boolean;
  /** What Docker itself says of why it did not start. */
  error: string;
  pid: number;
  startedAt: string;
  /** Absent for a container without a health check. */
  health?: string | undefined;
  restarts: number;
  /** Bytes; 0 is no bound. */
  memoryLimit: number;
  usesGpu: boolean;
  env: Readonly<Record<string, string>>;
  /** Of Compose: absent for one that was started otherwise. */
  project?: string | undefined;
  service?: string | undefined;
  /** Where Compose read it from. */
  configFiles?: string | undefined;
  ports: readonly { inner: number; address: string; port: number }[];
  networks: readonly string[];
}

/** The container of this name, or null where there is none. @throws BotllmError `MISSING_PREREQUISITE` */
export async function findContainer(docker: Docker, name: string): Promise<Container | null> {
  const { exitCode, stdout } = await docker.run(['container', 'inspect', name]);
  return exitCode === 0 ? readContainer(stdout) : null;
}

/** The first container of what `docker inspect` printed; null where it is not of that shape. */
export function readContainer(json: string): Container | null {
  const parsed = z.tuple([Inspected], z.unknown()).safeParse(asJson(json));
  if (!parsed.success) return null;
  const [{ Id, Name, RestartCount, State, Config, HostConfig, NetworkSettings }] = parsed.data;
  const labels = Config.Labels ?? {};
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    image: Config.Image,
    status: State.Status,
    exitCode: State.ExitCode,
    oomKilled: State.OOMKilled,
    error: State.Error,
    pid: State.Pid,
    startedAt: State.StartedAt,
    health: State.Health?.Status,
    restarts: RestartCount,
    memoryLimit: HostConfig.Memory,
    usesGpu: (HostConfig.DeviceRequests ?? []).length > 0,
    env: Object.fromEntries((Config.Env ?? []).map((line) => cut(line, '='))),
    project: labels['com.docker.compose.project'],
    service: labels['com.docker.compose.service'],
    configFiles: labels['com.docker.compose.project.config_files'],
    ports: publishedPorts(NetworkSettings.Ports ?? {}),
    networks: Object.keys(NetworkSettings.Networks ?? {}),
  };
}

/** `{"11434/tcp": [{"HostIp": "127.0.0.1", "HostPort": "11434"}]}` */
function publishedPorts(
  ports: Readonly<Record<string, { HostIp: string; HostPort: string }[] | null | undefined>>,
) {
  return Object.entries(ports).flatMap(([inner, places]) =>
    (places ?? []).map(({ HostIp, HostPort }) => ({
      inner: Number.parseInt(inner, 10),
      address: HostIp === '' ? '0.0.0.0' : HostIp,
      port: Number(HostPort),
    })),
  );
}

function cut(line: string, mark: string): [string, string] {
  const at = line.indexOf(mark);
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
