import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { GgufFacts } from '../../../models/gguf.js';

const PREFLIGHT = fileURLToPath(new URL('./preflight.js', import.meta.url));
/** Takes 0.2 s; one that takes this long waits for a disk that the engine would wait for as well. */
const LONGEST_MS = 30_000;

/** What the model's header says, once binary and file have passed in a process of their own; else undefined. */
export function preflight(binary: string, model: string): Promise<GgufFacts | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: LONGEST_MS, killSignal: 'SIGKILL' } as const;
    execFile(process.execPath, [PREFLIGHT, binary, model], options, (error, stdout) => {
      if (error) return resolve(undefined);
      try {
        resolve(JSON.parse(stdout) as GgufFacts);
      } catch {
        resolve(undefined);
      }
    });
  });
}
