import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * A package of PyPI, of exactly this version, in a folder of its own for PYTHONPATH; fetched once a machine, and
 * with three tries, because fetches fail now and then for reasons that are not ours.
 */
export function pythonPackage(name: string, version: string): string {
  const place = path.join(homedir(), '.cache', 'botllm-tests', 'python', `${name}-${version}`);
  if (existsSync(place)) return place;
  mkdirSync(path.dirname(place), { recursive: true });
  const draft = mkdtempSync(`${place}.`);
  try {
    const quietly = ['--quiet', '--disable-pip-version-check'];
    const args = ['-m', 'pip', 'install', ...quietly, '--target', draft, `${name}==${version}`];
    for (let tries = 3; ; tries--) {
      try {
        execFileSync('python3', args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 120_000 });
        break;
      } catch (error) {
        if (tries === 1) throw error;
      }
    }
    // In one step: what is there is whole, also when two ask at once.
    if (!existsSync(place)) renameSync(draft, place);
    return place;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
