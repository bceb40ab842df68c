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

/** One load level of a bench; what was not measured is absent. */
export interface BenchRow {
  model: string;
  load: string;
  ttftMs?: number;
  tpotMs?: number;
  /** Tokens a second of one answer, and of all answers together. */
  decodeTps?: number;
  outputTps?: number;
  errors: number;
  flags: string[];
}

export interface BenchView {
  /** A bench that goes on now. */
  running?: {
    model: string;
    load: string;
    /** Which of how many models. */
    at: number;
    of: number;
    /** 0 to 1, of all models. */
    share: number;
    startedAt: string;
  };
  /** Newest first. */
  reports: {
    id: string;
    startedAt: string;
    label?: string;
    interrupted?: boolean;
    rows: BenchRow[];
    failed: { model: string; message: string }[];
  }[];
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
  events: readonly LlmEvent[];
  log: string[];
  /** The file or the container that `log` is the end of. */
  logOf?: string;
  store?: StoreView;
  models: (Pick<ListedModel, 'name' | 'title' | 'bytes' | 'approxBytes' | 'installed' | 'isDefault'> & {
    fits?: boolean | undefined;
  })[];
  taken: Taken[];
  bench: BenchView;
  faults: Partial<Record<Part, string>>;
}

export const PARTS = ['engine', 'traffic', 'events', 'log', 'store', 'models', 'taken', 'bench'] as const;
export type Part = (typeof PARTS)[number];
