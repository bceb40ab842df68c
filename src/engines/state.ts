import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { HomeLayout } from '../settings/home.js';
import * as z from '../zod.js';
import { isSameProcess } from './process-identity.js';

/** The engines that a home starts as a process of its own. */
export const EngineKind = z.enum(['embedded', 'native']);
export type EngineKind = z.infer<typeof EngineKind>;

/** The settings that an engine was started with, as far as a second `up` may ask for others. */
export const StartedWith = z.object({
  engine: z._default(EngineKind, 'embedded'),
  model: z.string(),
  context: z.optional(z.number()),
  slots: z.optional(z.number()),
  gpu: z.enum(['auto', 'none']),
  memoryBytes: z.optional(z.number()),
  idleTimeoutMs: z.optional(z.number()),
});
export type StartedWith = z.infer<typeof StartedWith>;

/** What one home knows of its engine; the file is written when the process is spawned, before it is ready. */
export const EngineState = z.object({
  schema: z.literal(1),
  engine: EngineKind,
  pid: z.int().check(z.positive()),
  /** Tells this process from a later one that got the same pid. */
  pidStartTime: z.string(),
  instanceId: z.string(),
  host: z.string(),
  port: z.int(),
  /** Of this machine: a record that came with somebody's project cannot lead calls and keys elsewhere. */
  endpoint: z.string().check(z.regex(/^http:\/\/127\.0\.0\.1:\d+$/)),
  model: z.object({ name: z.string(), path: z.string(), standIn: z.boolean() }),
  startedWith: StartedWith,
  /** sha256 of `startedWith`, the port and the version: equal means nothing to restart for. */
  settingsHash: z.string(),
  botllmVersion: z.string(),
  startedAt: z.string(),
  logFile: z.optional(z.string()),
  /** What its service manager calls it, for one that is kept running. */
  service: z.optional(z.string()),
  /** Where it computes, for an engine that does not tell by itself. */
  device: z.optional(z.string()),
});
export type EngineState = z.infer<typeof EngineState>;

/** The recorded engine, or null when there is none or the record cannot be read. */
export async function readState(layout: HomeLayout): Promise<EngineState | null> {
  try {
    return EngineState.parse(JSON.parse(readFileSync(layout.engineState, 'utf8')));
  } catch {
    return null;
  }
}

export async function writeState(layout: HomeLayout, state: EngineState): Promise<void> {
  mkdirSync(path.dirname(layout.engineState), { recursive: true });
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(layout.engineState, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
}

/** Removes the record, unless another engine has taken its place meanwhile. */
export async function forgetState(layout: HomeLayout, instanceId: string): Promise<void> {
  const current = await readState(layout);
  if (current && current.instanceId !== instanceId) return;
  rmSync(layout.engineState, { force: true });
}

/** The recorded engine if its process runs. */
export async function runningState(layout: HomeLayout): Promise<EngineState | null> {
  const state = await readState(layout);
  return state && (await isSameProcess(state.pid, state.pidStartTime)) ? state : null;
}

/** The same; a record of a dead process is removed. */
export async function liveState(layout: HomeLayout): Promise<EngineState | null> {
  const running = await runningState(layout);
  if (running) return running;
  const dead = await readState(layout);
  if (dead) await forgetState(layout, dead.instanceId);
  return null;
}
