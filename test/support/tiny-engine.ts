import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { Asker } from './engine-asker.js';
import { EngineUnderTest } from './engine-process.js';
import { writeTinyGguf } from './tiny-gguf.js';

/** Path of a tiny model for the tests of one file, in a folder of its own that goes with them. */
export function tinyModel(shape?: Parameters<typeof writeTinyGguf>[1]): string {
  const folder = mkdtempSync(join(tmpdir(), 'botllm-tiny-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return writeTinyGguf(join(folder, 'tiny.gguf'), shape);
}

/** One engine with a tiny model of 512 tokens and two slots, for the tests of one file. */
export async function tinyEngine(): Promise<{ engine: EngineUnderTest; ask: Asker }> {
  const engine = await EngineUnderTest.ready(tinyModel(), { slots: 2, threads: 1 });
  afterAll(() => engine.kill());
  return { engine, ask: new Asker(engine) };
}
