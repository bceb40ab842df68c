import { onTestFinished } from 'vitest';
import type { ModelContext } from '../../src/models/context.js';
import { ensureModel } from '../../src/models/ensure.js';
import { LocalHub } from '../support/local-hub.js';
import { HUB_ENTRY, REAL_BYTES, testContext } from './fixtures.js';

export const REPO = 'org/real-1b-GGUF';
export const FILE = 'real-1b.gguf';

/** A hub that is gone when the test is over; it has the entry's own file where nothing else is given. */
export async function hubWith(...file: Parameters<LocalHub['put']> | []): Promise<LocalHub> {
  const hub = await LocalHub.start();
  onTestFinished(() => hub[Symbol.asyncDispose]());
  if (file.length === 0) hub.put(REPO, FILE, REAL_BYTES);
  else hub.put(...file);
  return hub;
}

export const contextOf = (hub: LocalHub, more: Partial<ModelContext> = {}) =>
  testContext({ hfEndpoint: hub.endpoint, ...more });

export const fetchIt = (ctx: ModelContext) => ensureModel(HUB_ENTRY.alias, ctx);
