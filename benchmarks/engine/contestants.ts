import { readFileSync } from 'node:fs';
import { EngineUnderTest } from '../../test/support/engine-process.js';
import { OracleServer } from '../../test/support/oracle-server.js';

export type Name = 'embedded' | 'oracle';

export interface Contestant {
  name: Name;
  url: string;
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  /** Resident bytes now; absent where the system does not tell. */
  residentBytes(): number | undefined;
  /** Whether no slot works on anything. */
  isIdle(): Promise<boolean>;
  kill(): Promise<void>;
}

export interface Setup {
  model: string;
  context: number;
  slots: number;
  threads: number;
}

/** How often somebody who waits for readiness looks, milliseconds: the error of that figure. */
const LOOK_MS = 10;

/** Starts one engine, the same way for both: same threads, same context and slots, no cache beside the slots. */
export async function start(name: Name, setup: Setup): Promise<{ engine: Contestant; readyMs: number }> {
  const { model, context, slots, threads } = setup;
  const startedAt = performance.now();
  if (name === 'embedded') {
    const engine = EngineUnderTest.spawn(model, { context, slots, threads });
    await engine.until(async () => (await fetch(`${engine.url}/health`)).status === 200, LOOK_MS);
    const readyMs = performance.now() - startedAt;
    const isIdle = async () => (await engine.health()).busy === 0;
    return { engine: contestant(name, engine, isIdle), readyMs };
  }
  const server = await OracleServer.spawn(model, { context, slots, threads, promptCacheMiB: 0 });
  await server.untilReady(LOOK_MS);
  const readyMs = performance.now() - startedAt;
  const isIdle = async () => {
    const states = (await (await fetch(`${server.url}/slots`)).json()) as { is_processing: boolean }[];
    return states.every((slot) => !slot.is_processing);
  };
  return { engine: contestant(name, server, isIdle), readyMs };
}

function contestant(
  name: Name,
  engine: EngineUnderTest | OracleServer,
  isIdle: () => Promise<boolean>,
): Contestant {
  return {
    name,
    isIdle,
    url: engine.url,
    post: (path, body, init) => engine.post(path, body, init),
    kill: () => engine.kill(),
    residentBytes: () => {
      try {
        const [, kib] =
          /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${engine.child.pid}/status`, 'utf8')) ?? [];
        return kib === undefined ? undefined : Number(kib) * 1024;
      } catch {
        return undefined;
      }
    },
  };
}
