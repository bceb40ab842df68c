import { lookup } from 'node:dns/promises';
import { type EngineState, liveState } from '../engines/state.js';
import { defaultHome, type HomeLayout, homeLayout } from '../settings/home.js';
import { readSettings } from '../settings/read.js';
import type { Settings } from '../settings/table.js';
import { messages } from './messages.js';
import type { Output } from './output.js';
import type { Stream } from './stream.js';
import { packageVersion } from './version.js';

/** Everything outside that a command may touch; tests pass their own. */
export interface World {
  env: Readonly<Record<string, string | undefined>>;
  stdin: () => AsyncIterable<Buffer | string> & { isTTY?: boolean };
  stdout: Stream;
  stderr: Stream;
}

/** What every command gets: the parts of botllm wired together once. */
export interface Context extends World {
  out: Output;
  settings: Settings;
  layout: HomeLayout;
  version: string;
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal;
  /** `--timeout`, milliseconds. */
  timeoutMs: number | undefined;
  /** The engine of this home, if its process runs. */
  liveEngine: () => Promise<EngineState | null>;
  /** `--base-url` or `LLM_BASE_URL`, if either was given. */
  remoteUrl: () => Promise<string | undefined>;
}

export interface GlobalOptions {
  baseUrl?: string | undefined;
  timeoutMs?: number | undefined;
}

export function createContext(
  world: World,
  out: Output,
  options: GlobalOptions,
  signal: AbortSignal,
): Context {
  const settings = readSettings(
    options.baseUrl === undefined ? world.env : { ...world.env, LLM_BASE_URL: options.baseUrl },
  );
  const layout = homeLayout(settings.home ?? defaultHome());
  return {
    ...world,
    out,
    settings,
    layout,
    version: packageVersion(),
    signal,
    timeoutMs: options.timeoutMs,
    liveEngine: () => liveState(layout),
    remoteUrl: () => reachableUrl(settings.baseUrl, (port) => out.note(messages.composeAlias(port))),
  };
}

/**
 * The guide's `http://llm:11434` is true inside the compose network only; where that name does not resolve,
 * the same port of this machine is meant.
 */
async function reachableUrl(
  baseUrl: string | undefined,
  onAlias: (port: string) => void,
): Promise<string | undefined> {
  if (baseUrl === undefined) return undefined;
  const url = new URL(baseUrl);
  if (url.hostname !== 'llm') return baseUrl;
  try {
    await lookup(url.hostname);
    return baseUrl;
  } catch {
    url.hostname = '127.0.0.1';
    onAlias(url.port || '80');
    return url.href;
  }
}
