import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The version that was measured and tested; package.json's devDependency names the same. */
export const BINDING_VERSION = '3.22.1';

/** Where the binding and the one prebuilt binary of this platform lie. */
export interface BindingPlace {
  /** The binding's own compiled files. */
  dist: string;
  /** `llama-addon.node` for the processor. */
  binary: string;
}

/** Every file from which the binding may be resolved: the package itself (a checkout), then `root`. */
export function resolvingFrom(root: string | undefined): string[] {
  return [import.meta.url, ...(root ? [pathToFileURL(path.join(root, 'package.json')).href] : [])];
}

/**
 * The binding's parts, if all of it is the very version that is known here, and nobody has compiled one of his
 * own. Undefined where anything differs: the binding then finds its binary itself, which takes longer.
 */
export function knownPlace(root: string | undefined): BindingPlace | undefined {
  const platform = `linux-${process.arch}`;
  if (process.platform !== 'linux' || !['linux-x64', 'linux-arm64'].includes(platform)) return undefined;
  for (const from of resolvingFrom(root)) {
    const home = packageOf('node-llama-cpp', from);
    if (home === undefined) continue;
    const prebuilt = packageOf(`@node-llama-cpp/${platform}`, pathToFileURL(home).href);
    const binary = prebuilt && path.join(prebuilt, 'bins', platform, 'llama-addon.node');
    const others = [path.join('llama', 'localBuilds'), path.join('bins', platform)];
    const otherBuild = others.some((folder) => existsSync(path.join(home, folder)));
    if (!binary || otherBuild || !existsSync(binary)) return undefined;
    return { dist: path.join(home, 'dist'), binary };
  }
  return undefined;
}

/** Folder of a package of the known version, with a separator at its end. */
function packageOf(name: string, from: string): string | undefined {
  try {
    const folder = path.join(createRequire(from).resolve(name), '..', '..', path.sep);
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return version === BINDING_VERSION ? folder : undefined;
  } catch {
    return undefined;
  }
}
