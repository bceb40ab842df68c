import { networkInterfaces } from 'node:os';
import { BotllmError } from '../../errors.js';
import { describePortOwner, isPortFree } from '../port-owner.js';
import { containersOnPort } from './docker.js';
import { SAY } from './messages.js';
import type { RunTool } from './run-tool.js';

/** As Node binds it. */
const hostOf = (bind: string): string => bind.replace(/^\[(.*)\]$/, '$1');

/** Who holds a port of this machine; undefined: nobody. Docker's own process says nothing, so Docker is asked too. */
export async function portOwner(run: RunTool, bind: string, port: number): Promise<string | undefined> {
  const host = hostOf(bind);
  if (await isPortFree(host, port)) return undefined;
  const [container] = await containersOnPort(run, port);
  if (container !== undefined) return SAY.byContainer(container);
  return describePortOwner(/^(?:0\.0\.0\.0|::)$/.test(host) ? '127.0.0.1' : host, port);
}

/** Docker publishes on an address of this machine only. @throws BotllmError `BAD_CONFIG` */
function requireOwnAddress(host: string): void {
  if (/^(?:127\.\d+\.\d+\.\d+|0\.0\.0\.0|::|::1)$/.test(host)) return;
  const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map((one) => one.address));
  if (own.includes(host)) return;
  throw new BotllmError('BAD_CONFIG', SAY.notOwnAddress(host), {
    hint: SAY.notOwnAddressHint(own.filter((one) => !one.startsWith('fe80')).join(', ')),
  });
}

/** @throws BotllmError `PORT_TAKEN`, with who holds it; `BAD_CONFIG` for an address of another machine */
export async function requireFreePublication(run: RunTool, bind: string, port: number): Promise<void> {
  requireOwnAddress(hostOf(bind));
  const owner = await portOwner(run, bind, port);
  if (owner === undefined) return;
  throw new BotllmError('PORT_TAKEN', SAY.portTakenAt(port), {
    detail: SAY.portOf(owner),
    hint: SAY.portTakenAtHint(port),
  });
}
