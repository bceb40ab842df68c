import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { test } from 'vitest';
import { openStore } from '../built.js';
import { pairs, quick, say } from '../options.js';
import { Figure, report } from '../report.js';

const KEYS = quick ? 5_000 : 50_000;
const TTL_MS = 3_600_000;
const VALUE = `${Date.now()} {"v":1,"text":"`.padEnd(598, 'x').concat('"}');
const key = (n: number) => `llm:cache:v1:-:intent:phi3-mini:${n.toString(16).padStart(64, '0')}`;

/** A clear of the embedded store, beside LMDB that removes as many keys in one transaction of this process. */
test('cache clear, embedded', { timeout: 0 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'botllm-bench-'));
  const speed = new Figure('keys/s', 'lmdb, one transaction');
  try {
    for (let pair = 1; pair <= pairs; pair += 1) {
      speed.add(await ours(join(folder, `ours-${pair}`)), await bare(join(folder, `bare-${pair}`)));
      say(`pair ${pair}: ${speed.newest}`);
    }
    report(
      `cache clear, embedded: ${KEYS} keys of 600 B`,
      [speed],
      ['ours goes in steps, between which the calls of bots have their turns'],
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function ours(folder: string): Promise<number> {
  const store = await openStore({ kind: 'embedded', folder, patient: true });
  try {
    for (let n = 0; n < KEYS; n += 100)
      await Promise.all(Array.from({ length: 100 }, (_, i) => store.cachePut(key(n + i), VALUE, TTL_MS)));
    return await speedOf(async () => (await store.clearCache({})).removed);
  } finally {
    await store.close();
  }
}

async function bare(folder: string): Promise<number> {
  const db = open<string, string>({ path: folder, noSync: true });
  try {
    await db.transaction(() => {
      for (let n = 0; n < KEYS; n += 1) db.put(key(n), VALUE);
    });
    return await speedOf(() =>
      db.transaction(() => {
        let removed = 0;
        for (const name of db.getKeys()) {
          db.remove(name);
          removed += 1;
        }
        return removed;
      }),
    );
  } finally {
    await db.close();
  }
}

async function speedOf(clear: () => Promise<number>): Promise<number> {
  const startedAt = performance.now();
  const removed = await clear();
  if (removed !== KEYS) throw new Error(`${removed} of ${KEYS} keys went`);
  return (KEYS / (performance.now() - startedAt)) * 1000;
}
