import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { BotllmError } from '../../errors.js';
import type { HomeLayout } from '../../settings/home.js';
import { messages } from '../messages.js';
import { BINDING_VERSION } from './load/binding-place.js';

const PLATFORM_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-armv7l',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
};

export interface BindingContext {
  layout: HomeLayout;
  /** Called before about 85 MB are fetched. */
  onInstall: (folder: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Makes sure that the llama.cpp binding can be loaded. A checkout has it beside itself; an installed package
 * does not (725 MB with all its GPU variants is not what a bot should carry), so the first `up` puts the
 * binding and the one binary of this platform under botllm's home.
 * @returns the folder to load it from, or undefined when the package itself carries it
 */
export async function ensureBinding({
  layout,
  onInstall,
  signal,
}: BindingContext): Promise<string | undefined> {
  if (carriedByPackage()) return undefined;
  const folder = await missingBinding(layout);
  if (folder === undefined) return folderIn(layout);
  const binary = platformPackage();
  onInstall(folder);
  const staging = `${folder}.${process.pid}.tmp`;
  await mkdir(staging, { recursive: true });
  try {
    await npmInstall(
      staging,
      [`node-llama-cpp@${BINDING_VERSION}`, `@node-llama-cpp/${binary}@${BINDING_VERSION}`],
      signal,
    );
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}

/**
 * Where the binding would have to be fetched to; undefined when it is there.
 * @throws BotllmError `MISSING_PREREQUISITE` where there is none for this platform
 */
export async function missingBinding(layout: HomeLayout): Promise<string | undefined> {
  const folder = folderIn(layout);
  if (carriedByPackage() || (await isInstalled(folder))) return undefined;
  platformPackage();
  return folder;
}

const folderIn = ({ runtime }: HomeLayout) => path.join(runtime, `binding-${BINDING_VERSION}`);

function platformPackage(): string {
  const platform = `${process.platform}-${process.arch}`;
  const binary = PLATFORM_PACKAGES[platform];
  if (binary) return binary;
  throw new BotllmError('MISSING_PREREQUISITE', messages.noPlatform(platform), {
    hint: messages.noPlatformHint,
  });
}

function carriedByPackage(): boolean {
  try {
    return existsSync(new URL(import.meta.resolve('node-llama-cpp')));
  } catch {
    return false;
  }
}

async function isInstalled(folder: string): Promise<boolean> {
  try {
    const manifest = path.join(folder, 'node_modules', 'node-llama-cpp', 'package.json');
    return JSON.parse(await readFile(manifest, 'utf8')).version === BINDING_VERSION;
  } catch {
    return false;
  }
}

async function npmInstall(
  folder: string,
  packages: string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { execa, ExecaError } = await import('execa');
  const flags = [
    '--prefix',
    folder,
    '--omit=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-save',
  ];
  try {
    await execa('npm', ['install', ...flags, ...packages], {
      cwd: folder,
      stdin: 'ignore',
      ...(signal ? { cancelSignal: signal } : {}),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    const missing = cause instanceof ExecaError && cause.code === 'ENOENT';
    throw new BotllmError('MISSING_PREREQUISITE', missing ? messages.noNpm : messages.bindingFailed, {
      detail: cause instanceof ExecaError ? String(cause.stderr).trim().split('\n').at(-1) : undefined,
      hint: missing ? messages.noNpmHint : messages.bindingHint,
      cause,
    });
  }
}
