import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { homeLayout } from '../../src/settings/home.js';
import { keepersOf } from '../stores/processes.js';
import { FakeEngineProcess } from '../support/fake-engine-process.js';
import { figure } from '../support/figure.js';
import { RedisServer, redisIsMissing } from '../support/redis-server.js';

const CROWD = fileURLToPath(new URL('./fixtures/crowd.mjs', import.meta.url));
const PROCESSES = 4;
const CALLS = 25;
const ANSWER_MS = 400;
/** Calls have a minute, so that who hangs on a store ends by his deadline and is seen. */
const DEADLINE_MS = 60_000;

interface Answered {
  endings: Record<string, number>;
  tookMs: number;
}

interface SharedStore {
  /** What names it to a client. */
  options: { home: string } | { redisUrl: string };
  /** The same to a client that has patience with it. */
  patient: { patient: { folder: string } | { url: string } };
  freeze: () => void;
  thaw: () => void;
}

const STORES: [string, () => Promise<SharedStore>][] = [['embedded', embedded]];
if (!redisIsMissing) STORES.push(['redis', redis]);

describe.each(STORES)('four processes that ask the same at once, over the %s store', (name, open) => {
  it('ask the engine once, and all have the answer', async () => {
    const { engine, members } = await crowd((await open()).patient);
    const all = await Promise.all(members.map((member) => member.ask()));
    const posts = (await engine.stats()).posts - PROCESSES;
    figure(`${name}: ${PROCESSES * CALLS} equal calls in ${PROCESSES} processes: ${posts} asked the engine`);
    for (const { endings } of all) expect(sum(endings, 'model', 'cache')).toBe(CALLS);
    expect(posts).toBeLessThanOrEqual(2);
  });

  it('and one of them is killed while the others wait for his answer: nobody waits for long', async () => {
    const { engine, members } = await crowd((await open()).patient, 60_000);
    const [leader, ...others] = members;
    leader?.ask().catch(() => {});
    await expect.poll(async () => (await engine.stats()).posts).toBe(PROCESSES + 1);
    const waiting = others.map((member) => member.ask());
    await sleep(300);
    await engine.behave({ delayMs: ANSWER_MS });
    leader?.kill();
    const all = await Promise.all(waiting);
    const longest = Math.max(...all.map(({ tookMs }) => tookMs));
    figure(`${name}: the one who asked was killed; the others had an answer after ${longest} ms`);
    for (const { endings } of all) expect(sum(endings, 'model', 'cache')).toBe(CALLS);
    expect((await engine.stats()).posts).toBeLessThanOrEqual(PROCESSES + 3);
  });

  it('and the store freezes while they wait: each asks for himself, and nobody hangs', async () => {
    const store = await open();
    const { engine, members } = await crowd(store.options);
    const waiting = members.map((member) => member.ask());
    await expect.poll(async () => (await engine.stats()).posts).toBeGreaterThan(PROCESSES);
    store.freeze();
    const all = await Promise.all(waiting).finally(store.thaw);
    for (const { endings, tookMs } of all) {
      expect(sum(endings, 'model', 'cache')).toBe(CALLS);
      expect(tookMs).toBeLessThan(DEADLINE_MS);
    }
    // One for each process, and the one whose lease was lost.
    expect((await engine.stats()).posts - PROCESSES).toBeLessThanOrEqual(PROCESSES + 1);
  });
});

/** Processes that are ready to ask, before an engine that takes its time. */
async function crowd(options: object, delayMs = ANSWER_MS) {
  const engine = await FakeEngineProcess.start();
  onTestFinished(() => engine.kill());
  const client = { ...options, baseUrl: engine.url, model: 'm', deadlineMs: DEADLINE_MS };
  const members = await Promise.all(Array.from({ length: PROCESSES }, () => join(client)));
  await engine.behave({ delayMs });
  return { engine, members };
}

async function join(client: Record<string, unknown>) {
  const args = [CROWD, JSON.stringify(client), String(CALLS), 'what everybody asks'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout });
  const died = once(child, 'exit').then(() => {
    throw new Error('a process of the crowd ended before its time');
  });
  died.catch(() => {});
  await Promise.race([once(lines, 'line'), died]);
  return {
    kill: () => void child.kill('SIGKILL'),
    async ask(): Promise<Answered> {
      const [line] = (await Promise.all([
        once(lines, 'line', { signal: AbortSignal.timeout(2 * DEADLINE_MS) }),
        child.stdin.write('go\n'),
      ])) as unknown as [[string]];
      return JSON.parse(line[0]) as Answered;
    },
  };
}

function sum(endings: Record<string, number>, ...kinds: string[]): number {
  return kinds.reduce((all, kind) => all + (endings[kind] ?? 0), 0);
}

async function embedded(): Promise<SharedStore> {
  const home = mkdtempSync(path.join(tmpdir(), 'botllm-crowd-'));
  const { store: folder } = homeLayout(home);
  const keepers = (signal: NodeJS.Signals) => {
    for (const pid of keepersOf(folder)) process.kill(pid, signal);
  };
  onTestFinished(async () => {
    await expect.poll(() => keepersOf(folder)).toEqual([]);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
  return {
    options: { home },
    patient: { patient: { folder } },
    freeze: () => keepers('SIGSTOP'),
    thaw: () => keepers('SIGCONT'),
  };
}

async function redis(): Promise<SharedStore> {
  const server = await RedisServer.start();
  onTestFinished(() => server.stop());
  return {
    options: { redisUrl: server.url },
    patient: { patient: { url: server.url } },
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
  };
}
