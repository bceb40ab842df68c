import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A wire to a server on this machine that can be cut, slowed, silenced and made to lose replies. */
export class TcpProxy implements AsyncDisposable {
  /** Each piece of data waits this long on its way back. */
  delayMs = 0;
  /** A black hole: connections stand, and nothing comes through in either direction, also later. */
  silent = false;
  /** Commands arrive, and their replies are lost. */
  losesReplies = false;
  /** New connections are reset. */
  refuses = false;
  /** What becomes of data on its way to the server. */
  alter: (data: Buffer) => Buffer = (data) => data;
  /** Connections made so far. */
  connections = 0;
  private readonly pairs = new Set<[near: Socket, far: Socket]>();

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {}

  static async start(target: number): Promise<TcpProxy> {
    const server = createServer((near) => proxy.carry(near));
    const proxy = new TcpProxy(server, target);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Resets every connection. */
  cut(): void {
    for (const [near, far] of this.pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private carry(near: Socket): void {
    this.connections += 1;
    near.on('error', () => undefined);
    if (this.refuses) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(this.target, '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    this.pairs.add(pair);
    far.on('error', () => near.destroy());
    // What once fell into the hole is lost: such a connection never comes to itself again.
    let lost = false;
    near.on('data', (data) => {
      lost ||= this.silent;
      if (!lost) far.write(this.alter(data));
    });
    far.on('data', (data) => {
      lost ||= this.silent;
      if (lost || this.losesReplies) return;
      if (this.delayMs > 0) setTimeout(() => near.destroyed || near.write(data), this.delayMs);
      else near.write(data);
    });
    near.on('close', () => {
      this.pairs.delete(pair);
      far.destroy();
    });
    far.on('close', () => {
      // In a black hole not even the end of a connection is seen.
      if (!this.silent) near.destroy();
    });
  }
}
