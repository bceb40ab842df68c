import { networkInterfaces } from 'node:os';

/**
 * Whether an address is one of this machine's own. A record in a home that came with somebody's project must not lead
 * calls and keys elsewhere.
 */
export function isOwnAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  // Of `redis:` Node's URL keeps the case and the brackets, too.
  const host = new URL(address).hostname.replace(/^\[(.*)\]$/, '$1');
  if (/^127\.\d+\.\d+\.\d+$/.test(host) || host === '::1') return true;
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === host));
}
