import type { RunTool, ToolOptions, ToolRun } from '../../../src/engines/compose/run-tool.js';
import { recorded } from './recorded.js';

export interface Call {
  line: string;
  options: ToolOptions;
}

/** A machine whose answers follow from what was called before; every call is kept. */
export function answering(answer: (line: string, calls: readonly Call[]) => ToolRun): {
  run: RunTool;
  calls: Call[];
} {
  const calls: Call[] = [];
  const run: RunTool = async (command, args, options = {}) => {
    const line = [command, ...args].join(' ');
    const said = answer(line, calls);
    calls.push({ line, options });
    return said;
  };
  return { run, calls };
}

/** What Docker says of a name that it does not know. */
export const NO_SUCH = recorded('[]\n', { exitCode: 1, stderr: 'Error: No such container: botfactory-llm' });
/** What its program says where no daemon listens. */
export const NO_DAEMON = recorded('', {
  exitCode: 1,
  stderr: 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
});

/** What `docker container inspect` prints of a container, as far as it is read. */
export function inspected(more: {
  name?: string;
  state?: object;
  config?: object;
  host?: object;
  mounts?: readonly { Type: string; Source: string; Destination: string }[];
}): ToolRun {
  const { name = 'botfactory-llm', state, config, host, mounts = [] } = more;
  const text = JSON.stringify([
    {
      ...{ Id: 'c0ffee', Name: `/${name}`, RestartCount: 0, Mounts: mounts, NetworkSettings: {} },
      State: {
        ...{ Status: 'running', Running: true, Restarting: false, OOMKilled: false, ExitCode: 0 },
        StartedAt: '2026-11-25T18:00:00Z',
        ...state,
      },
      Config: { Image: 'llama', Labels: { 'com.docker.compose.service': 'llm' }, ...config },
      HostConfig: { ...host },
    },
  ]);
  return recorded(text);
}
