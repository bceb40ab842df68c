import { appendFileSync, mkdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EventSink } from './events.js';
import { jsonLine } from './json-line.js';

export interface EventLogOptions {
  /** Size at which a file is put aside (10 MiB). */
  maxBytes?: number;
  /** Files in all, the current one included (3): `events.log`, `events.log.1`, `events.log.2`. */
  files?: number;
}

export interface EventLog {
  append: EventSink;
}

/** A process that dies while it rotates leaves its lock; older than this it is nobody's. */
const STALE_LOCK_MS = 10_000;

/**
 * Appends every event as one JSON line. Several processes may write to the same file: a line is one write in
 * append mode, and one process at a time rotates. It is synchronous (tens of microseconds), so that no event is
 * lost when a command exits. It never throws: a full disk must not fail a call.
 */
export function openEventLog(file: string, options: EventLogOptions = {}): EventLog {
  const { maxBytes = 10 * 1024 * 1024, files = 3 } = options;
  return {
    append(event) {
      try {
        const line = Buffer.from(jsonLine(event));
        const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
        if (size > 0 && size + line.length > maxBytes) rotate(file, maxBytes - line.length, files);
        append(file, line);
      } catch {
        // An event that cannot be kept is lost; the call that it tells of goes on.
      }
    },
  };
}

/** The log's files that may exist, oldest first. */
export function eventLogFiles(file: string, files = 3): string[] {
  return Array.from({ length: files }, (_, age) => nth(file, files - 1 - age));
}

function nth(file: string, age: number): string {
  return age === 0 ? file : `${file}.${age}`;
}

function append(file: string, line: Buffer): void {
  const write = () => appendFileSync(file, line, { mode: 0o600 });
  try {
    write();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    write();
  }
}

function rotate(file: string, room: number, files: number): void {
  const lock = `${file}.lock`;
  if (!locked(lock)) return;
  try {
    // Another process may have rotated before the lock was ours.
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= room) return;
    if (files <= 1) rmSync(file, { force: true });
    for (let age = files - 2; age >= 0; age--) move(nth(file, age), nth(file, age + 1));
  } finally {
    rmdirSync(lock);
  }
}

function locked(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > STALE_LOCK_MS) rmdirSync(lock);
    // Whoever has it rotates; this line goes to the file as it is now, a little over its size.
    return false;
  }
}

function move(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false })) renameSync(from, to);
}
