import { applyFirewall, undoFirewall } from '../doctor/firewall/change.js';
import { applySteps, asShell, type FirewallPlan } from '../doctor/firewall/plan.js';
import { BotllmError } from '../errors.js';
import type { Context } from './context.js';
import { patientFor } from './diagnosis.js';
import { doctorMessages } from './doctor-messages.js';
import type { Outcome } from './output.js';

export interface FirewallOptions {
  allow?: string[];
  apply?: true;
  undo?: true;
}

/** The old guide's network. */
const GUIDE_NETWORK = '10.0.0.0/8';
const DEFAULT_PORT = 11_434;

/** Prints the rules, or puts them in place, or takes them away. */
export async function firewallCommand(
  ctx: Context,
  { allow, apply, undo }: FirewallOptions,
): Promise<Outcome> {
  if (apply && undo)
    throw new BotllmError('USAGE', doctorMessages.applyOrUndo, { hint: doctorMessages.firewallHint });
  const patient = patientFor(ctx);
  if (undo) {
    const removed = await undoFirewall(patient.run);
    const text = () => (removed ? doctorMessages.undone : doctorMessages.nothingToUndo);
    return { schema: 'doctor.firewall', data: { action: 'undo', removed }, text };
  }
  const { byDocker, ports } = await portsOf(patient);
  const plan: FirewallPlan = { ports, allow: allow ?? [GUIDE_NETWORK] };
  const script = asShell(applySteps(plan));
  const data = { ...plan, script };
  if (!apply) {
    ctx.out.note(doctorMessages.fewPorts(ports));
    if (ctx.stdout.isTTY) ctx.out.note(doctorMessages.runAsRoot);
    return { schema: 'doctor.firewall', data: { action: 'print', ...data }, text: () => script };
  }
  const tools = await applyFirewall(patient.run, plan, byDocker);
  if (!tools.some(({ tool }) => tool === 'ip6tables')) ctx.out.note(doctorMessages.noIpv6);
  const text = () => doctorMessages.applied(ports, plan.allow);
  return { schema: 'doctor.firewall', data: { action: 'apply', ...data, tools }, text };
}

/**
 * The engine's port, and that of the Redis beside its container: a Redis of somebody else's is not ours to close.
 */
async function portsOf(
  patient: ReturnType<typeof patientFor>,
): Promise<{ ports: number[]; byDocker: boolean }> {
  const [{ engine, endpoint }, llm, redis] = await Promise.all([
    patient.engine(),
    patient.llm(),
    patient.redisContainer(),
  ]);
  const published = [llm, redis].flatMap((one) => one?.published.map(({ port }) => port) ?? []);
  if (llm !== undefined && published.length > 0) return { ports: [...new Set(published)], byDocker: true };
  const own =
    engine === null || engine === 'remote' || endpoint === undefined ? 0 : Number(new URL(endpoint).port);
  const port = own || patient.settings.port || DEFAULT_PORT;
  return { ports: [...new Set([port, ...published])], byDocker: published.length > 0 };
}
