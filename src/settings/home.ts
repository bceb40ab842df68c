import { homedir } from 'node:os';
import path from 'node:path';
import envPaths from 'env-paths';

/** Where botllm keeps models, state, logs and the embedded store when `BOTLLM_HOME` does not say. */
export function defaultHome(): string {
  return envPaths('botllm', { suffix: '' }).data;
}

/** The folders in which configuration is looked for. */
export interface Folders {
  cwd: string;
  home: string;
  /** Where the user's own configuration file lies. */
  userConfig: string;
}

/** This user's own, for a process that stands in `cwd`. */
export function foldersOf(cwd: string): Folders {
  return { cwd, home: homedir(), userConfig: envPaths('botllm', { suffix: '' }).config };
}

/**
 * The one list of what lies where under the home folder.
 * @param codeHome the home that code is run from, where that is another one
 */
export function homeLayout(home: string, codeHome = home) {
  const at = (...parts: string[]) => path.join(home, ...parts);
  return {
    home,
    models: at('models'),
    store: at('store'),
    logs: at('logs'),
    engineLog: at('logs', 'engine.log'),
    eventLog: at('logs', 'events.ndjson'),
    state: at('state'),
    engineState: at('state', 'engine.json'),
    composeState: at('state', 'compose.json'),
    composeEnv: at('state', 'compose.env'),
    composeFile: at('state', 'docker-compose.yml'),
    /** An engine that is being tried beside the one that serves. */
    besideState: at('state', 'beside.json'),
    engineFailure: at('state', 'engine.failed.json'),
    /** Why the last start by a service manager failed. */
    serviceFailure: at('state', 'service.failed.json'),
    engineLock: at('state', 'engine.lock'),
    servedWeights: at('state', 'weights.json'),
    runtime: path.join(codeHome, 'runtime'),
  } as const;
}
export type HomeLayout = ReturnType<typeof homeLayout>;
