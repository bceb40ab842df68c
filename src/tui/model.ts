import type { EngineStatus } from '../engines/status.js';
import type { ListedModel } from '../models/installed.js';
import type { LlmEvent } from '../observability/events.js';
import type { CacheStats, UsersFound } from '../stores/contract.js';
import type { Traffic } from './traffic.js';

/** What one process, container or card takes; sizes are bytes, and what nobody counts is absent. */
export interface Taken {
  name: string;
  cpuPercent?: number;
  memoryBytes?: number;
  memoryLimitBytes?: number;
}

export interface StoreView {
  kind: string;
  location: string;
  cache?: CacheStats | undefined;
  users?: UsersFound | undefined;
  /** Calls that a user may make in a minute; 0: not limited. */
  limit: number;
}

/**
 * All that the screens show, as it was seen last. A part that could not be seen is absent, and `faults` says why, by
 * the name of the part.
 */
export interface TopModel {
  /** Milliseconds since the epoch. */
  at: number;
  version: string;
  engine?: EngineStatus;
  /** Each address that counts are read from, and whether it answered. */
  metrics: { url: string; answers: boolean }[];
  traffic?: Traffic;
  /** Oldest first. */
  events: LlmEvent[];
  log: string[];
  store?: StoreView;
  models: (Pick<ListedModel, 'name' | 'title' | 'bytes' | 'approxBytes' | 'installed' | 'isDefault'> & {
    fits?: boolean | undefined;
  })[];
  taken: Taken[];
  faults: Partial<Record<Part, string>>;
}

export const PARTS = ['engine', 'traffic', 'events', 'log', 'store', 'models', 'taken'] as const;
export type Part = (typeof PARTS)[number];
