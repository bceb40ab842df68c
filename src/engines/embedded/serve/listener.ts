import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineJob } from '../job.js';
import type { Log } from '../log.js';
import { engineMessages } from '../messages.js';
import { StartError } from '../start-error.js';

/** How long an engine tries for a port that another one is about to give away, and how often, milliseconds. */
const FREE_WITHIN_MS = 10_000;
const TRY_EVERY_MS = 5;

/** The port that a server is reached on, which one engine can give to the next. */
export class Listener {
  private port: number;

  constructor(
    private readonly server: Server,
    private readonly job: Pick<EngineJob, 'host' | 'port' | 'laterPort'>,
    private readonly log: Log,
  ) {
    this.port = job.port;
  }

  /** @throws StartError `PORT_TAKEN` */
  async open(): Promise<void> {
    await this.listen();
    this.port = (this.server.address() as AddressInfo).port;
    this.log('info', 'listening', { host: this.job.host, port: this.port });
  }

  /** What is being answered goes on; connections that are idle end. */
  close(): void {
    this.server.close();
  }

  /**
   * An engine that was started to follow another moves to its port. Any other takes no new connection from now on,
   * so that its follower can have the port, and, asked again, takes it back.
   * @throws StartError `PORT_TAKEN` when the port does not become free; then one that moves stays where it was
   */
  async handOver(): Promise<void> {
    const { laterPort } = this.job;
    const [before, wasListening] = [this.port, this.server.listening];
    this.close();
    const moves = laterPort !== undefined && before !== laterPort;
    if (!moves && wasListening) {
      this.log('info', 'port_given_away', { port: before });
      return;
    }
    if (moves) this.port = laterPort;
    try {
      await this.listenOnceFree();
    } catch (error) {
      if (moves) this.port = before;
      if (moves) await this.listen();
      throw error;
    }
    this.log('info', 'listening', { host: this.job.host, port: this.port });
  }

  private async listenOnceFree(): Promise<void> {
    const giveUpAt = performance.now() + FREE_WITHIN_MS;
    while (!this.server.listening) {
      try {
        await this.listen();
      } catch (error) {
        if (performance.now() > giveUpAt) throw error;
        await sleep(TRY_EVERY_MS);
      }
    }
  }

  private async listen(): Promise<void> {
    const { server, port } = this;
    const { host } = this.job;
    await new Promise<void>((resolve, reject) => {
      const refused = (cause: NodeJS.ErrnoException) => {
        const taken = cause.code === 'EADDRINUSE';
        reject(
          new StartError(
            'PORT_TAKEN',
            taken ? engineMessages.portTaken(host, port) : engineMessages.portRefused(host, port),
            { detail: cause.message, hint: engineMessages.portHint, cause },
          ),
        );
      };
      server.once('error', refused);
      server.listen(port, host, () => {
        server.off('error', refused);
        resolve();
      });
    });
  }
}
