import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Catalogue, CatalogueEntry } from '../../src/models/catalogue.js';
import type { ModelContext, ModelNotice, ModelProgress } from '../../src/models/context.js';
import { ggufBytes } from './gguf-bytes.js';

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A valid model file of some hundred KB, so that it comes in several chunks. */
export const REAL_BYTES = ggufBytes({ floats: 100_000 });
export const STAND_IN_BYTES = ggufBytes({ floats: 1_000 });

export const HUB_ENTRY: CatalogueEntry = {
  alias: 'real-1b',
  title: 'Real 1B',
  ids: ['org/real-1b'],
  source: { kind: 'hub', repo: 'org/real-1b-GGUF', file: 'real-1b.gguf' },
  file: 'real-1b.gguf',
  bytes: REAL_BYTES.length,
  licence: { id: 'Apache-2.0', name: 'Apache License 2.0', commercial: true, gated: false },
  thinkingMode: true,
  thinking: false,
  systemRole: true,
  goodFor: 'tests',
};

export const PYPI_ENTRY: CatalogueEntry = {
  ...HUB_ENTRY,
  alias: 'tiny-1m',
  title: 'Tiny 1M',
  ids: [],
  source: { kind: 'pypi', package: 'botllm-tiny', version: '0.0.1', member: 'botllm_tiny/tiny.gguf' },
  file: 'tiny.gguf',
  bytes: STAND_IN_BYTES.length,
  sha256: sha256(STAND_IN_BYTES),
};

export const TEST_CATALOGUE: Catalogue = {
  entries: [HUB_ENTRY, PYPI_ENTRY],
  defaultAlias: HUB_ENTRY.alias,
  standInAlias: PYPI_ENTRY.alias,
};

/** A folder that is gone when the test is over. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'botllm-models-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface Told {
  notices: ModelNotice['code'][];
  announced: string[];
  progress: ModelProgress[];
}

/** A context in a folder of its own, impatient, that writes down what it is told. */
export async function testContext(more: Partial<ModelContext> = {}): Promise<ModelContext & { told: Told }> {
  const told: Told = { notices: [], announced: [], progress: [] };
  return {
    modelsDir: await testFolder(),
    env: {},
    catalogue: TEST_CATALOGUE,
    // A closed port: nothing of a test may reach a real hub.
    hfEndpoint: 'http://127.0.0.1:9',
    patience: { stallMs: 5_000, retries: 2, backoffMs: 1 },
    onNotice: ({ code }) => told.notices.push(code),
    onAnnounce: ({ name }) => told.announced.push(name),
    onProgress: (progress) => told.progress.push(progress),
    told,
    ...more,
  };
}
