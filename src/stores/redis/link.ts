import type { Cluster, Redis } from 'ioredis';
import { Bound } from '../bound.js';
import { storeMessages } from '../messages.js';
import type { RedisAddress } from './address.js';
import { type Client, clusterClient, isClusterNode, singleClient } from './connect.js';
import { scrubbed, unavailable } from './failure.js';
import { type Send, sender } from './send.js';

export interface RedisLinkOptions {
  address: RedisAddress;
  /** Bound of one call. */
  timeoutMs: number;
  /** How long a call waits for the connection: the first one, and when `patient` each. */
  readyTimeoutMs: number;
  patient: boolean;
}

interface Usable {
  client: Client;
  send: Send;
}

type Use<T> = (send: Send, isLate: () => boolean, client: Client) => Promise<T>;

/** Signs of life that a silent server is asked for, each within twice the bound of a call, before it is left. */
const LIFE_SIGNS = 3;
const ADMIT_AGAIN_MS = 1_000;

/**
 * The connection to Redis: made on first use, made anew when it is lost. While there is none, calls fail at once.
 * A connection on which nothing comes any more (a frozen server, a cut route) is given up: the kernel alone would
 * hold on to it for a quarter of an hour.
 */
export class RedisLink {
  private client: Client | null = null;
  /** The client while it is connected and known to be the right kind. */
  private usable: Usable | null = null;
  private readonly bound: Bound;
  private begun = false;
  private tried = false;
  private closed = false;
  private checking = false;
  /** Known once a server was reached. */
  private single: boolean | null = null;
  private cause: unknown;
  /** Calls that wait for the connection. */
  private waiting: (() => void)[] = [];

  constructor(private readonly options: RedisLinkOptions) {
    this.bound = new Bound(options.timeoutMs);
  }

  /** Connected, and every key lies on the same server, so that one script may have several. */
  get isOneServer(): boolean {
    return this.usable !== null && !this.usable.client.isCluster;
  }

  /**
   * Runs commands within the bound of a call.
   * @throws BotllmError `STORE_UNAVAILABLE`
   */
  run<T>(use: (client: Client) => Promise<T>): Promise<T> {
    return this.ask((_, __, client) => use(client));
  }

  /**
   * The same for a command of every bot's every call, the quick way.
   * @param use is told by its second argument when nobody waits any more
   */
  ask<T>(use: Use<T>): Promise<T> {
    if (this.usable) return this.within(this.usable, use);
    return this.connected().then((usable) => this.within(usable, use));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.usable = null;
    this.client?.disconnect();
    this.told();
  }

  /** Every call of every bot comes by here, so it makes do with one promise and no timer of its own. */
  private within<T>({ client, send }: Usable, use: Use<T>): Promise<T> {
    const { timeoutMs, address } = this.options;
    return new Promise((resolve, reject) => {
      let late = false;
      const wait = this.bound.begin(() => {
        late = true;
        void this.checkLife(client);
        reject(unavailable(address.location, new Error(storeMessages.slow(timeoutMs))));
      });
      if (!client.isCluster) together((client as Redis).stream);
      use(send, () => late, client).then(
        (value) => {
          this.bound.end(wait);
          resolve(value);
        },
        (error) => {
          this.bound.end(wait);
          reject(unavailable(address.location, error));
        },
      );
    });
  }

  private async connected(): Promise<Usable> {
    if (!this.begun && !this.closed) {
      this.begun = true;
      this.begin().catch((error) => this.failed(error));
    }
    if ((!this.tried || this.options.patient) && !this.closed) await this.nextOutcome();
    if (this.usable) return this.usable;
    const { address, readyTimeoutMs } = this.options;
    if (this.closed) throw unavailable(address.location, new Error(storeMessages.closed));
    throw unavailable(address.location, this.cause ?? new Error(storeMessages.slow(readyTimeoutMs)));
  }

  private async begin(): Promise<void> {
    const { address, timeoutMs } = this.options;
    if (address.nodes.length > 1) this.follow(await clusterClient(address, timeoutMs));
    else this.follow(await singleClient(address, timeoutMs));
  }

  private follow(client: Client): void {
    if (this.closed) return;
    this.client = client;
    client.on('error', (error) => this.failed(error));
    client.on('ready', () => this.admit(client));
    client.on('close', () => {
      if (this.usable?.client === client) this.usable = null;
      if (this.client === client) this.told();
    });
    // A node that connects with its first command refuses others meanwhile; until 'ready' that is ioredis' affair.
    client.on('+node', (node: Redis) => {
      if (client.status === 'ready') node.ping().catch(() => undefined);
    });
    // It goes on trying by itself, and tells by 'error' why it must.
    client.connect().catch(() => undefined);
  }

  /** A connection stands. One that cannot be used, or not yet, is looked at again while it stands. */
  private admit(client: Client): void {
    this.tryOut(client).catch((error) => {
      this.failed(error);
      const again = () => client.status === 'ready' && this.usable?.client !== client && this.admit(client);
      setTimeout(again, ADMIT_AGAIN_MS).unref();
    });
  }

  private async tryOut(client: Client): Promise<void> {
    if (client.isCluster)
      await Promise.allSettled((client as Cluster).nodes('master').map((node) => node.ping()));
    else if (!(await this.isSingle(client as Redis))) return;
    const send = await sender(client);
    if (this.closed || client.status !== 'ready') return;
    this.cause = undefined;
    this.usable = { client, send };
    this.told();
  }

  private async isSingle(client: Redis): Promise<boolean> {
    const { address, timeoutMs } = this.options;
    this.single ??= !(await isClusterNode(client));
    if (this.single) {
      // ioredis has asked for it too, but goes on with database 0 where it was refused.
      if (address.db > 0) await client.select(address.db);
      return true;
    }
    if (address.db > 0) throw new Error(storeMessages.clusterDb);
    this.follow(await clusterClient(address, timeoutMs));
    client.disconnect();
    return false;
  }

  private failed(error: unknown): void {
    this.cause = scrubbed(error);
    this.told();
  }

  private told(): void {
    this.tried = true;
    for (const go of this.waiting.splice(0)) go();
  }

  private async nextOutcome(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve);
      timer = setTimeout(resolve, this.options.readyTimeoutMs);
    });
    this.tried = true;
    clearTimeout(timer);
  }

  private async checkLife(client: Client): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    const nodes = client.isCluster ? (client as Cluster).nodes() : [client as Redis];
    await Promise.all(nodes.map((node) => leaveIfDead(node, !client.isCluster)));
    this.checking = false;
  }
}

async function leaveIfDead(node: Redis, reconnect: boolean): Promise<void> {
  for (let i = 0; i < LIFE_SIGNS; i++) {
    if (node.status !== 'ready') return;
    try {
      await node.ping();
      return;
    } catch (error) {
      if (!isTimeout(error)) return;
    }
  }
  // A cluster connects anew to what it lost when its layout says so.
  node.disconnect(reconnect);
}

/** What is written in one turn of the process goes out as one packet: many calls at once cost half as much. */
function together(stream: Redis['stream']): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  // Not later: behind all that came in, the question of a busy process would reach Redis when its time is half over.
  process.nextTick(uncork, stream);
}

function uncork(stream: Redis['stream']): void {
  stream.uncork();
}

/** ioredis gives this error no name or code. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out';
}
