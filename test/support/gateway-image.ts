import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from './cli.js';
import { nodeImage, npmImage } from './docker.js';

const QUIET: ExecFileSyncOptions = {
  stdio: ['ignore', 'ignore', 'pipe'],
  env: { ...process.env, DOCKER_BUILDKIT: '0' },
};

/**
 * The gateway's image by its Dockerfile as it stands, over Node and npm of this machine. Fetches all packages anew, a
 * gigabyte of them, by the machine's own way to the registry: minutes.
 */
export function buildWholeGatewayImage(tag: string): void {
  const base = ['--build-arg', `NODE_IMAGE=${npmImage()}`];
  execFileSync('docker', ['build', '--network', 'host', '-t', tag, ...base, ROOT], QUIET);
}

/**
 * The gateway's image by its own Dockerfile, but for its first stage, which fetches packages: what that would have
 * made is taken from this checkout. Its base is Node of this machine, because no registry of images is asked.
 */
export function buildGatewayImage(tag: string): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'botllm-image-'));
  try {
    const made = path.join(folder, 'app');
    mkdirSync(made);
    for (const part of ['package.json', 'bin', 'dist'])
      cpSync(path.join(ROOT, part), path.join(made, part), { recursive: true });
    for (const place of productionPackages()) {
      cpSync(path.join(ROOT, place), path.join(made, place), { recursive: true });
    }
    const text = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');
    const stages = /^FROM \$\{NODE_IMAGE\} AS build\n[\s\S]*?(?=^FROM )/m;
    if (!stages.test(text)) throw new Error('the Dockerfile has no first stage called build');
    writeFileSync(
      path.join(folder, 'Dockerfile'),
      text.replace(stages, 'FROM scratch AS build\nCOPY app /app\n\n'),
    );
    const args = ['build', '-t', tag, '--build-arg', `NODE_IMAGE=${nodeImage()}`, folder];
    execFileSync('docker', args, QUIET);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Their folders as the lock file has them: what the first stage leaves. */
function productionPackages(): string[] {
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<
      string,
      { dev?: boolean; devOptional?: boolean; peer?: boolean; os?: string[]; cpu?: string[] }
    >;
  };
  return Object.entries(packages)
    .filter(([place, { dev, devOptional, peer, os, cpu }]) => {
      const fits = (os?.includes(process.platform) ?? true) && (cpu?.includes(process.arch) ?? true);
      return place !== '' && place !== 'node_modules/openai' && !dev && !devOptional && !peer && fits;
    })
    .map(([place]) => place);
}
