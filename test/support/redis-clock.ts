import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { Store } from '../../src/stores/contract.js';
import { RedisServer } from './redis-server.js';

const SOURCE = path.join(import.meta.dirname, 'redis-clock.c');

/**
 * A real Redis that goes by a clock of the test's: limits, lives of keys and leases. The server is as it is
 * installed; only its question for the time of day is answered by a preloaded library.
 */
export class ClockedRedis implements AsyncDisposable {
  private constructor(
    readonly server: RedisServer,
    private readonly folder: string,
    private readonly file: number,
  ) {}

  static async start(now: number): Promise<ClockedRedis> {
    const folder = mkdtempSync(path.join(tmpdir(), 'botllm-clock-'));
    const library = path.join(folder, 'clock.so');
    await execa('cc', ['-O2', '-shared', '-fPIC', '-o', library, SOURCE]);
    const clock = path.join(folder, 'now');
    const file = openSync(clock, 'w+');
    writeTime(file, now);
    const env = { LD_PRELOAD: library, BOTLLM_TEST_CLOCK: clock };
    return new ClockedRedis(await RedisServer.start({ env }), folder, file);
  }

  /** Milliseconds since the epoch. */
  set now(now: number) {
    writeTime(this.file, now);
  }

  /** The store, before each of whose calls the server's clock is set to the test's. */
  following(store: Store, clock: () => number): Store {
    return new Proxy(store, {
      get: (target, name: keyof Store) => {
        const member = target[name];
        if (typeof member !== 'function') return member;
        return (...args: never[]) => {
          this.now = clock();
          return (member as (...args: never[]) => unknown).apply(target, args);
        };
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
    closeSync(this.file);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function writeTime(file: number, ms: number): void {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(Math.round(ms * 1_000)));
  writeSync(file, bytes, 0, 8, 0);
}
