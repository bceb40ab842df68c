import type { BotllmError } from '../errors.js';
import type { EnsuredModel } from '../models/ensure.js';
import type { HomeLayout } from '../settings/home.js';
import type { Env } from '../settings/read.js';
import type { ModelShape } from './memory-estimate.js';
import type { MemorySum } from './memory-plan.js';
import type { SpawnedEngine } from './spawn.js';
import type { UpRequest } from './started-with.js';
import type { EngineKind } from './state.js';

/** What a launcher is told: the request with its model found, and an address that is free. */
export interface LaunchRequest {
  request: UpRequest;
  model: EnsuredModel;
  instanceId: string;
  host: string;
  port: number;
  /** Where it will serve once the engine that holds that port gives it away. */
  laterPort?: number | undefined;
  layout: HomeLayout;
  env: Env;
  version: string;
  signal: AbortSignal;
  /** Told before about 85 MB are fetched. */
  onBinding: (folder: string) => void;
  /** All that could be missing is there, and the process is about to be spawned. */
  onStart: () => void;
}

/** A process that was started and is not ready yet. */
export interface Launched {
  engine: EngineKind;
  process: SpawnedEngine;
  /** Where it computes, for an engine that does not tell by itself. */
  device?: string;
  logFile?: string;
  /** Why it ended before it was ready. */
  failure: (exit: string) => Promise<BotllmError>;
  /** What proves that it can make a token, for an engine whose health does not. */
  prove?: (signal: AbortSignal) => Promise<void>;
}

/** What would be run, told and not done. */
export interface Preview {
  command: string;
  args: readonly string[];
  /** Variables that it gets beside this process's own. */
  env: Readonly<Record<string, string>>;
  /** What it takes of the memory, from the header's numbers; absent where they are not known. */
  memory?: MemorySum | undefined;
  /** Where llama.cpp would be fetched to (about 85 MB); absent when it is there. */
  binding?: string | undefined;
}

export interface PreviewRequest {
  request: UpRequest;
  shape: ModelShape;
  host: string;
  port: number;
  layout: HomeLayout;
}

/** @throws BotllmError what the launch would throw before it starts anything */
export type Foresee = (request: PreviewRequest) => Promise<Preview>;

/** Where an engine's log goes; undefined: to the terminal in whose foreground it runs. */
export function logFileOf({ foreground, service }: UpRequest, { engineLog }: HomeLayout): string | undefined {
  return foreground && service === undefined ? undefined : engineLog;
}

/** The one way of an engine from a request to a process. */
export type Launch = (launch: LaunchRequest) => Promise<Launched>;
