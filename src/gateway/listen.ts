import type { Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { BotllmError } from '../errors.js';
import { LISTENING } from './messages.js';

/** Where a gateway listens. */
export interface GatewayAddress {
  host: string;
  port: number;
  /** `http://host:port`, to be followed by `/v1`. */
  url: string;
}

/** Reached by processes of this machine alone. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
}

/**
 * @throws BotllmError `BAD_CONFIG` for an address that others reach where no key is asked for, `PORT_TAKEN`,
 * `MISSING_PREREQUISITE` for an address that is not this machine's or a port that only root may take
 */
export async function listenAt(
  server: Server,
  { host, port, guarded }: { host: string; port: number; guarded: boolean },
): Promise<GatewayAddress> {
  if (!isLoopback(host) && !guarded) {
    throw new BotllmError('BAD_CONFIG', LISTENING.needsKey(host), { hint: LISTENING.needsKeyHint });
  }
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(asListenError(error, host, port));
    server.once('error', failed);
    server.listen({ host: host.replace(/^\[(.*)\]$/, '$1'), port }, () => {
      server.off('error', failed);
      resolve();
    });
  });
  const bound = server.address() as AddressInfo;
  const name = isIPv6(bound.address) ? `[${bound.address}]` : bound.address;
  return { host: bound.address, port: bound.port, url: `http://${name}:${bound.port}` };
}

function asListenError(cause: NodeJS.ErrnoException, host: string, port: number): BotllmError {
  if (cause.code === 'EADDRINUSE') {
    return new BotllmError('PORT_TAKEN', LISTENING.portTaken(port), {
      hint: LISTENING.portTakenHint(port),
      cause,
    });
  }
  if (cause.code === 'EACCES') {
    return new BotllmError('MISSING_PREREQUISITE', LISTENING.portForbidden(port), {
      hint: LISTENING.portForbiddenHint,
      cause,
    });
  }
  return new BotllmError('MISSING_PREREQUISITE', LISTENING.noHost(host), {
    detail: cause.code,
    hint: LISTENING.noHostHint,
    cause,
  });
}
