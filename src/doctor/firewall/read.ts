import type { RunTool } from '../../engines/compose/run-tool.js';
import { CHAIN, DOCKER_CHAIN } from './plan.js';

/** What of a firewall concerns our ports. */
export interface FirewallState {
  /** Ports that some rule of INPUT refuses or lets in by number, other than ours. */
  inputPorts: number[];
  /** Ports that Docker publishes and that go through our chain. */
  guardedPorts: number[];
  hasDockerChain: boolean;
}

/** Undefined: only root may look, or there is no iptables. */
export async function readFirewall(run: RunTool): Promise<FirewallState | undefined> {
  const { exitCode, stdout } = await run('iptables', ['-w', '2', '-S']);
  return exitCode === 0 ? readRules(stdout) : undefined;
}

/** What `iptables -S` prints. */
export function readRules(text: string): FirewallState {
  const lines = text.split('\n');
  const portsOf = (wanted: (line: string) => boolean, option: string) =>
    lines.filter(wanted).flatMap((line) => {
      const port = new RegExp(`${option} (\\d+)`).exec(line)?.[1];
      return port === undefined ? [] : [Number(port)];
    });
  return {
    inputPorts: portsOf((line) => line.startsWith('-A INPUT ') && !line.endsWith(`-j ${CHAIN}`), '--dports?'),
    guardedPorts: portsOf(
      (line) => line.startsWith(`-A ${DOCKER_CHAIN} `) && line.endsWith(`-j ${CHAIN}`),
      '--ctorigdstport',
    ),
    hasDockerChain: lines.includes(`-N ${DOCKER_CHAIN}`),
  };
}
