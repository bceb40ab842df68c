import { type EngineState, liveState } from '../engines/state.js';
import { nearest } from '../models/nearest.js';
import { defaultHome, type Folders, type HomeLayout, homeLayout } from '../settings/home.js';
import type { ConfiguredIntents } from '../settings/intents.js';
import { type Configuration, loadConfiguration } from '../settings/load.js';
import type { Env } from '../settings/read.js';
import { withSettings } from '../settings/resolve.js';
import type { Settings } from '../settings/table.js';
import { messages } from './messages.js';
import type { Output } from './output.js';
import type { Stream } from './stream.js';
import { packageVersion } from './version.js';

/** Everything outside that a command may touch; tests pass their own. */
export interface World {
  /** The shell's, as it is: for pip, for proxies, for colour. */
  env: Env;
  folders: Folders;
  stdin: () => AsyncIterable<Buffer | string> & { isTTY?: boolean };
  stdout: Stream;
  stderr: Stream;
}

/** What every command gets: the parts of botllm wired together once. */
export interface Context extends World {
  out: Output;
  /** Flags, shell, `.env`, the project's file and the user's, resolved once: no command asks `env` for these. */
  settings: Settings;
  /** Where every setting came from, and what is wrong with any. */
  configuration: Configuration;
  /** `intents` of the configuration file. */
  intents: ConfiguredIntents | undefined;
  /** `env` with the settings that were given elsewhere, for a program that reads the same variables. */
  childEnv: Env;
  layout: HomeLayout;
  version: string;
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal;
  /** `--timeout`, milliseconds. */
  timeoutMs: number | undefined;
  /** False with `--no-input`: nobody is asked anything, also on a terminal. */
  mayAsk: boolean;
  /** The engine of this home, if its process runs. */
  liveEngine: () => Promise<EngineState | null>;
  /** `--base-url` or `LLM_BASE_URL`, if either was given. */
  remoteUrl: () => Promise<string | undefined>;
}

export interface GlobalOptions {
  baseUrl?: string | undefined;
  /** `--config`. */
  configFile?: string | undefined;
  /** `--redis`. */
  redisUrl?: string | undefined;
  timeoutMs?: number | undefined;
  /** `--no-input` makes it false. */
  mayAsk?: boolean | undefined;
}

export async function createContext(
  world: World,
  out: Output,
  options: GlobalOptions,
  signal: AbortSignal,
): Promise<Context> {
  const configuration = await loadConfiguration({
    env: world.env,
    folders: world.folders,
    flags: {
      baseUrl: { option: '--base-url', text: options.baseUrl },
      redisUrl: { option: '--redis', text: options.redisUrl },
    },
    configFile: options.configFile,
    suggest: nearest,
  });
  for (const notice of configuration.notices) out.note(notice);
  const { settings, intents } = configuration;
  const layout = homeLayout(settings.home ?? defaultHome(), configuration.ownHome ?? defaultHome());
  return {
    ...world,
    out,
    settings,
    configuration,
    intents,
    childEnv: withSettings(world.env, configuration),
    layout,
    version: packageVersion(),
    signal,
    timeoutMs: options.timeoutMs,
    mayAsk: options.mayAsk ?? true,
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
  const { lookup } = await import('node:dns/promises');
  try {
    await lookup(url.hostname);
    return baseUrl;
  } catch {
    url.hostname = '127.0.0.1';
    onAlias(url.port || '80');
    return url.href;
  }
}
