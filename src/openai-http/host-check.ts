import { wireMessages } from './messages.js';
import { WireError } from './wire-error.js';

/** `llm` is the name that the containers of a bot platform know the engine by. */
const KNOWN_HOSTS = ['localhost', '127.0.0.1', '[::1]', 'llm'];
const LOOPBACK_ORIGINS = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses what a foreign web page could send here: a name of its own that resolves to this machine (DNS
 * rebinding shows in Host), or a request across origins (shows in Origin).
 * @param extraHosts further names that this server was told to answer for
 */
export function checkHostAndOrigin(
  host: string | undefined,
  origin: string | undefined,
  extraHosts: readonly string[] = [],
): void {
  checkHost(host, extraHosts);
  checkOrigin(origin);
}

/** @throws WireError 403 for a name that this server does not answer for */
export function checkHost(host: string | undefined, extraHosts: readonly string[] = []): void {
  const name = hostName(host ?? '');
  if (name === null || ![...KNOWN_HOSTS, ...extraHosts].includes(name)) {
    throw new WireError(403, 'permission_error', wireMessages.foreignHost);
  }
}

/** @throws WireError 403 for the page of another origin */
export function checkOrigin(origin: string | undefined): void {
  if (origin === undefined) return;
  const url = URL.canParse(origin) ? new URL(origin) : null;
  const http = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!url || !http || !LOOPBACK_ORIGINS.includes(url.hostname)) {
    throw new WireError(403, 'permission_error', wireMessages.foreignOrigin);
  }
}

function hostName(host: string): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host.trim());
  return match?.[1]?.toLowerCase() ?? null;
}
