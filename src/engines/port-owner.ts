import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { BotllmError } from '../errors.js';
import { messages } from './messages.js';

/** Whether this process could listen there now. */
export function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** @throws BotllmError `PORT_TAKEN`, with who holds it */
export async function requireFreePort(host: string, port: number): Promise<void> {
  if (await isPortFree(host, port)) return;
  throw new BotllmError('PORT_TAKEN', messages.portTaken(port), {
    detail: messages.portTakenBy(await describePortOwner(host, port)),
    hint: messages.portTakenHint(port),
  });
}

/** Who holds a port, in words as good as can be had: what it answers, and its process where the system tells. */
export async function describePortOwner(host: string, port: number): Promise<string> {
  const [speaks, process] = [await whatAnswers(host, port), listeningProcess(port)];
  if (speaks && process) return `${speaks}, ${process}`;
  return speaks ?? process ?? 'another program';
}

async function whatAnswers(host: string, port: number): Promise<string | null> {
  const get = async (path: string) => {
    const response = await fetch(`http://${host}:${port}${path}`, { signal: AbortSignal.timeout(1000) });
    return { server: response.headers.get('server') ?? '', text: (await response.text()).slice(0, 4096) };
  };
  try {
    const root = await get('/');
    if (/ollama is running/i.test(root.text)) return 'Ollama';
    const health = await get('/health');
    if (/llama\.cpp/i.test(health.server)) return 'a llama-server';
    if (/"instanceId"/.test(health.text)) return 'an engine of another botllm home';
    return 'an HTTP server';
  } catch {
    return null;
  }
}

/** `redis-server (pid 42)`, from /proc on Linux; null elsewhere or when the process is another user's. */
function listeningProcess(port: number): string | null {
  try {
    const inodes = listeningSockets(port);
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (holdsSocket(pid, inodes)) return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (pid ${pid})`;
    }
  } catch {
    // No /proc, or not ours to read: what it answers must do.
  }
  return null;
}

/** Whether this very process listens on the port; undefined where the system does not tell. */
export function listensOn(pid: number, port: number): boolean | undefined {
  try {
    const inodes = listeningSockets(port);
    // Raises where the process is another user's: then nobody knows.
    readdirSync(`/proc/${pid}/fd`);
    return holdsSocket(String(pid), inodes);
  } catch {
    return undefined;
  }
}

/** Inodes of the sockets that listen on a port (proc_net_tcp(5)). */
function listeningSockets(port: number): Set<string> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const LISTEN = '0A';
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    if (!existsSync(table)) continue;
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(`:${hexPort}`) && fields[3] === LISTEN && fields[9]) inodes.add(fields[9]);
    }
  }
  return inodes;
}

function holdsSocket(pid: string, inodes: Set<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const socket = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`));
      return socket?.[1] !== undefined && inodes.has(socket[1]);
    });
  } catch {
    return false;
  }
}
