import { BotllmError } from '../../errors.js';
import { storeMessages } from '../messages.js';

export interface RedisNode {
  host: string;
  port: number;
}

export interface RedisAddress {
  /** One, or some nodes of a cluster. One node of a cluster is enough: it is asked whether it is one. */
  nodes: readonly [RedisNode, ...RedisNode[]];
  tls: boolean;
  username: string | undefined;
  password: string | undefined;
  db: number;
  /** `host:port/db`, as admin commands print it. */
  location: string;
}

const DEFAULT_PORT = 6379;
const ADDRESS = /^(rediss?):\/\/(?:([^/?#]*)@)?([^/?#@]+)(?:\/(\d{0,5}))?$/i;
const HOST = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\],]+))(?::(\d{1,5}))?$/i;

/**
 * Reads `redis://[user:password@]host[:port][/db]`; `rediss://` speaks TLS; nodes of a cluster stand side by side:
 * `redis://a:7000,b:7000`. Special characters of user and password are percent-encoded.
 * @throws BotllmError `BAD_CONFIG`, which does not repeat the text: it may hold a password
 */
export function parseRedisUrl(url: string): RedisAddress {
  const [, scheme, login, hosts, database = ''] = ADDRESS.exec(url.trim()) ?? [];
  if (scheme === undefined || hosts === undefined) throw badAddress();
  const [first, ...others] = hosts.split(',').map(nodeOf);
  if (!first) throw badAddress();
  const db = Number(database);
  if (others.length > 0 && db > 0) throw badAddress(storeMessages.clusterDb);
  const nodes = [first, ...others] as const;
  return {
    nodes,
    tls: scheme.toLowerCase() === 'rediss',
    ...loginOf(login),
    db,
    location: `${nodes.map(nameOf).join(',')}/${db}`,
  };
}

function nodeOf(text: string): RedisNode {
  const [, bracketed, named, digits] = HOST.exec(text) ?? [];
  const host = bracketed ?? named;
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  if (host === undefined || port < 1 || port > 65_535) throw badAddress();
  return { host, port };
}

function nameOf({ host, port }: RedisNode): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function loginOf(login = ''): Pick<RedisAddress, 'username' | 'password'> {
  const colon = login.indexOf(':');
  const [username, password] = colon < 0 ? [login, ''] : [login.slice(0, colon), login.slice(colon + 1)];
  try {
    return {
      username: decodeURIComponent(username) || undefined,
      password: decodeURIComponent(password) || undefined,
    };
  } catch {
    throw badAddress();
  }
}

function badAddress(detail?: string): BotllmError {
  return new BotllmError('BAD_CONFIG', storeMessages.badRedisUrl, {
    detail,
    hint: storeMessages.redisUrlHint,
  });
}
