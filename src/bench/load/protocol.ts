import type { LevelRecord } from './run-level.js';

/** What the measuring process says to the one that started it. */
export type FromInstrument =
  | { type: 'ready'; sinceStartMs: number }
  | { type: 'progress'; done: number; total: number }
  /** @param peakRssBytes the most memory that it ever held */
  | { type: 'done'; record: LevelRecord; peakRssBytes: number }
  | { type: 'failed'; reason: string };
