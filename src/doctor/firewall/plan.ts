import { isIPv6 } from 'node:net';

/** iptables speaks IPv4, ip6tables IPv6; the same rules for both. */
export const TOOLS = ['iptables', 'ip6tables'] as const;
export type FirewallTool = (typeof TOOLS)[number];

export const CHAIN = 'BOTLLM';
/** Docker's own place for an administrator's rules: what is forwarded to a container passes it first. */
export const DOCKER_CHAIN = 'DOCKER-USER';
/** Waits for another program's change, 5 s at most. */
export const LOCKED = ['-w', '5'];

export interface FirewallPlan {
  /** As they are published on this machine, not as they are inside a container. */
  ports: readonly number[];
  /** Networks that may still come in, IPv4 and IPv6. */
  allow: readonly string[];
}

/** One call of iptables(8), as it is printed and as it is run. */
export interface Step {
  tool: FirewallTool | 'iptables-restore' | 'ip6tables-restore';
  args: readonly string[];
  /** On standard input. */
  input?: string;
  /** Only where this one fails: the rule is not there yet. */
  unless?: readonly string[];
  /** Only where this chain is there: Docker makes it, for IPv6 only from 27 on. */
  onlyWith?: typeof DOCKER_CHAIN;
}

/** A rule that sends what is for one port to our chain. */
export interface Jump {
  chain: 'INPUT' | typeof DOCKER_CHAIN;
  match: readonly string[];
}

/**
 * In DOCKER-USER the address is already the container's, so that `--dport` would mean the port inside: conntrack
 * remembers the one that was asked for. INPUT is for what Docker's own proxy takes in (IPv6 to a container that has
 * none), and for a process of this machine.
 * (docs.docker.com, "Packet filtering and firewalls"; iptables-extensions(8), conntrack)
 */
export function jumpsFor(port: number): Jump[] {
  const original = ['--ctstate', 'DNAT', '--ctorigdstport', String(port), '--ctdir', 'ORIGINAL'];
  return [
    { chain: DOCKER_CHAIN, match: ['-p', 'tcp', '-m', 'conntrack', ...original] },
    { chain: 'INPUT', match: ['-p', 'tcp', '--dport', String(port)] },
  ];
}

/** The whole chain in one call: no moment in which it is half there. */
function chainRules(tool: FirewallTool, allow: readonly string[]): string {
  const isV6 = tool === 'ip6tables';
  const nets = allow.filter((net) => isIPv6(net.split('/')[0] ?? '') === isV6);
  return [
    '*filter',
    `:${CHAIN} - [0:0]`,
    `-A ${CHAIN} -i lo -j RETURN`,
    ...nets.map((net) => `-A ${CHAIN} -s ${net} -j RETURN`),
    `-A ${CHAIN} -j DROP`,
    'COMMIT',
    '',
  ].join('\n');
}

export function applySteps({ ports, allow }: FirewallPlan): Step[] {
  return TOOLS.flatMap((tool): Step[] => [
    { tool: `${tool}-restore`, args: [...LOCKED, '--noflush'], input: chainRules(tool, allow) },
    ...ports.flatMap(jumpsFor).map(({ chain, match }): Step => {
      const rule = [...match, '-j', CHAIN];
      return {
        tool,
        args: [...LOCKED, '-I', chain, ...rule],
        unless: [...LOCKED, '-C', chain, ...rule],
        ...(chain === DOCKER_CHAIN ? { onlyWith: chain } : {}),
      };
    }),
  ]);
}

/** Lines for a shell of root's, which may be run twice. */
export function asShell(steps: readonly Step[]): string {
  return steps
    .map(({ tool, args, input, unless, onlyWith }) => {
      const line = [tool, ...args].join(' ');
      if (input !== undefined) return `${line} <<'RULES'\n${input}RULES`;
      const once = unless === undefined ? line : `${tool} ${unless.join(' ')} 2>/dev/null || ${line}`;
      return onlyWith === undefined ? once : `! ${tool} -w 5 -n -L ${onlyWith} >/dev/null 2>&1 || ${once}`;
    })
    .join('\n');
}
