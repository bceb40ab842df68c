import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LlmClientOptions } from '../../src/client/options.js';
import { homeLayout } from '../../src/settings/home.js';
import { keepersOf } from '../stores/processes.js';
import { type EngineBehaviour, FakeEngineProcess } from '../support/fake-engine-process.js';
import { figure } from '../support/figure.js';

const SERVICE = fileURLToPath(new URL('./fixtures/service.mjs', import.meta.url));
/** Ten times the five seconds that a clean end may take. */
const HANGING_MS = 50_000;

interface Farewell {
  inFlight: number;
  /** Calls that were begun and had not ended when the client was closed. */
  open: number;
  late: string;
  endings: Record<string, number>;
  closeMs: number;
}

/** Runs a service under load, does something to its engine, asks it to stop. */
async function stopped(
  behaviour: EngineBehaviour,
  options: LlmClientOptions,
  before: (engine: FakeEngineProcess) => void | Promise<void> = () => {},
): Promise<Farewell> {
  const engine = await FakeEngineProcess.start(behaviour);
  onTestFinished(() => engine.kill());
  const service = spawn(process.execPath, [SERVICE, engine.url, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void service.kill('SIGKILL'));
  const lines: string[] = [];
  const reader = createInterface({ input: service.stdout }).on('line', (line) => lines.push(line));
  await once(reader, 'line');
  await before(engine);
  const from = performance.now();
  const bound = { signal: AbortSignal.timeout(HANGING_MS) };
  const gone = Promise.all([once(service, 'close', bound), once(reader, 'close', bound)]);
  service.kill('SIGTERM');
  expect((await gone)[0]).toEqual([0, null]);
  const farewell = JSON.parse(lines.at(-1) ?? '') as Farewell;
  const exitMs = (performance.now() - from).toFixed(0);
  figure(
    `SIGTERM with ${farewell.inFlight} calls under way: closed after ${farewell.closeMs} ms, exit 0 after ${exitMs} ms`,
  );
  return farewell;
}

describe('SIGTERM under load', () => {
  it('lets the calls under way finish, takes no new ones, and the process ends by itself with 0', async () => {
    const { inFlight, open, late, endings } = await stopped({ delayMs: 100 }, { store: 'memory' });
    expect(inFlight).toBeGreaterThan(0);
    expect({ open, late }).toEqual({ open: 0, late: 'CLIENT_CLOSED' });
    expect(endings.model).toBeGreaterThan(0);
    // A slow machine may turn some away at the door; none is ended before its time.
    expect(Object.keys(endings).filter((kind) => kind !== 'model' && kind !== 'OVERLOADED')).toEqual([]);
  });

  it.each<[string, (engine: FakeEngineProcess) => void | Promise<void>]>([
    ['frozen', (engine) => engine.freeze()],
    ['dead', (engine) => engine.kill()],
    ['far too slow', (engine) => engine.behave({ delayMs: 600_000 })],
  ])(
    'before an engine that is %s: every call falls back, later ones too, and the process ends by itself with 0',
    async (_, before) => {
      // Their own time limits would let the calls go on for minutes.
      const patient = { store: 'memory', timeoutMs: 600_000, deadlineMs: 600_000 } as const;
      const { open, late, endings } = await stopped({ delayMs: 50 }, patient, before);
      expect({ open, late }).toEqual({ open: 0, late: 'CLIENT_CLOSED' });
      expect(Object.keys(endings).filter((kind) => kind.startsWith('raw'))).toEqual([]);
    },
  );

  it('with the embedded store: no process of it is left behind', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'botllm-shutdown-'));
    onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
    expect(await stopped({ delayMs: 100 }, { home })).toMatchObject({ open: 0, late: 'CLIENT_CLOSED' });
    await expect.poll(() => keepersOf(homeLayout(home).store), { timeout: HANGING_MS }).toEqual([]);
  });
});
