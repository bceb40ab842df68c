import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { HomeLayout } from '../../settings/home.js';
import type { Env } from '../../settings/read.js';
import type { RunTool } from '../compose/run-tool.js';
import { launchdManager } from './launchd.js';
import type { ServiceManager } from './manager.js';
import { systemdManager } from './systemd.js';

export interface FindOptions {
  run: RunTool;
  env: Env;
  layout: HomeLayout;
  platform?: NodeJS.Platform;
}

/** What could run this home's engine as a service here; null: nothing that botllm knows. Starts no program. */
export function serviceManager({
  run,
  env,
  layout,
  platform = process.platform,
}: FindOptions): ServiceManager | null {
  const home = env.HOME || homedir();
  if (platform === 'linux') return systemdManager(run, env, home);
  if (platform === 'darwin') {
    return launchdManager(run, home, process.getuid?.() ?? 0, path.join(layout.logs, 'service.log'));
  }
  return null;
}

/** Whose file lies where the manager looks; `other`: of another home, or not written by botllm. */
export async function whose(
  { file, mark }: ServiceManager,
  { home }: HomeLayout,
): Promise<{ owner: 'none' | 'ours' | 'other'; text: string }> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
    throw error;
  });
  if (text === '') return { owner: 'none', text };
  return {
    owner: text.split('\n').some((line) => line.trim() === mark(path.resolve(home))) ? 'ours' : 'other',
    text,
  };
}

/** The manager, where a unit of this home is installed; runs no program. */
export async function installed(
  manager: ServiceManager | null,
  layout: HomeLayout,
): Promise<ServiceManager | null> {
  if (manager === null) return null;
  return (await whose(manager, layout)).owner === 'ours' ? manager : null;
}
