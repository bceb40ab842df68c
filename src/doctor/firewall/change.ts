import type { RunTool } from '../../engines/compose/run-tool.js';
import { BotllmError } from '../../errors.js';
import { FIREWALL } from '../messages.js';
import { applySteps, CHAIN, type FirewallPlan, type FirewallTool, jumpsFor, LOCKED, TOOLS } from './plan.js';
import { readRules } from './read.js';

/** What a change left behind, for each of the two tools: absent where the machine has no such tool or no IPv6. */
export interface FirewallChange {
  tool: FirewallTool;
  /** Whether Docker's chain is there for this protocol; without it Docker's own proxy takes such calls in. */
  dockerChain: boolean;
}

/**
 * Puts the rules in place, and takes those away that a former call made for other ports. May be run again.
 * @throws BotllmError `MISSING_PREREQUISITE` without root or iptables, or where Docker publishes without DOCKER-USER
 */
export async function applyFirewall(
  run: RunTool,
  plan: FirewallPlan,
  byDocker: boolean,
): Promise<FirewallChange[]> {
  const tools = await usableTools(run);
  if (byDocker && !tools.some(({ tool, dockerChain }) => tool === 'iptables' && dockerChain))
    throw new BotllmError('MISSING_PREREQUISITE', FIREWALL.noDockerChain, {
      hint: FIREWALL.noDockerChainHint,
    });
  for (const { tool, dockerChain } of tools) {
    const steps = applySteps(plan).filter((step) => step.tool.startsWith(tool));
    for (const { tool: program, args, input, unless, onlyWith } of steps) {
      if (onlyWith !== undefined && !dockerChain) continue;
      if (unless !== undefined && (await run(tool, unless)).exitCode === 0) continue;
      await required(run, program, args, input);
    }
    const kept = plan.ports.flatMap(jumpsFor).map(({ chain, match }) => key([chain, ...match]));
    await removeJumps(run, tool, (rule) => kept.includes(key(rule)));
  }
  return tools;
}

/** Takes away all that `applyFirewall` ever made. @returns whether there was anything */
export async function undoFirewall(run: RunTool): Promise<boolean> {
  let had = false;
  for (const { tool } of await usableTools(run)) {
    await removeJumps(run, tool, () => false);
    if ((await run(tool, [...LOCKED, '-n', '-L', CHAIN])).exitCode !== 0) continue;
    had = true;
    await required(run, tool, [...LOCKED, '-F', CHAIN]);
    await required(run, tool, [...LOCKED, '-X', CHAIN]);
  }
  return had;
}

/** iptables itself has to be there and ours to use; ip6tables is only where the kernel has IPv6. */
async function usableTools(run: RunTool): Promise<FirewallChange[]> {
  const looks = await Promise.all(
    TOOLS.map(async (tool) => ({ tool, found: await run(tool, [...LOCKED, '-S']) })),
  );
  for (const { tool, found } of looks) {
    if (tool !== 'iptables' || found.exitCode === 0) continue;
    throw new BotllmError('MISSING_PREREQUISITE', found.missing ? FIREWALL.noTool : FIREWALL.notRoot, {
      detail: found.stderr.split('\n')[0],
      hint: found.missing ? FIREWALL.noToolHint : FIREWALL.notRootHint,
    });
  }
  return looks
    .filter(({ found }) => found.exitCode === 0)
    .map(({ tool, found }) => ({
      tool,
      dockerChain: readRules(found.stdout).hasDockerChain,
    }));
}

/** Rules that lead to our chain, except those that are to stay. */
async function removeJumps(
  run: RunTool,
  tool: FirewallTool,
  stays: (rule: string[]) => boolean,
): Promise<void> {
  const { stdout } = await run(tool, [...LOCKED, '-S']);
  for (const line of stdout.split('\n')) {
    const [option, ...rule] = line.split(' ');
    if (option !== '-A' || rule.at(-1) !== CHAIN || rule[0] === CHAIN) continue;
    if (!stays(rule.slice(0, -2))) await required(run, tool, [...LOCKED, '-D', ...rule]);
  }
}

/** The same rule, however the tool words it: it adds `-m tcp`, and may turn the order around. */
function key(words: readonly string[]): string {
  return words
    .join(' ')
    .replace(' -m tcp', '')
    .split(/ (?=-)/)
    .sort()
    .join(' ');
}

async function required(run: RunTool, tool: string, args: readonly string[], input?: string): Promise<void> {
  const { exitCode, stderr } = await run(tool, args, input === undefined ? {} : { input });
  if (exitCode === 0) return;
  throw new BotllmError('MISSING_PREREQUISITE', FIREWALL.refused, {
    detail: stderr.split('\n')[0],
    hint: FIREWALL.refusedHint,
  });
}
