import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { figure } from '../support/figure.js';

const SOAK = fileURLToPath(new URL('./fixtures/soak.mjs', import.meta.url));
/** The long one is `npm run soak:guards`, with 100,000 calls. */
const CALLS = 8000;

interface Soaked {
  growthMB: number;
  endings: Record<string, number>;
  listeners: number;
  handles: string[];
  warnings: string[];
}

/** Runs the soak in a process of its own, which has to end by itself. */
async function soak(calls: number, options: Record<string, unknown>): Promise<Soaked> {
  const args = ['--expose-gc', SOAK, String(calls), JSON.stringify(options)];
  const run = promisify(execFile)(process.execPath, args, { timeout: 280_000 });
  // Exit code 1 says what is looked at below.
  const { stdout, stderr } = await run.catch((failed: { stdout: string; stderr: string }) => failed);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Soaked;
}

describe('a client that lives long', () => {
  it('keeps no memory, no listener and no handle of its calls, a tenth of them under faults and a tenth aborted', async () => {
    const { growthMB, endings, listeners, handles, warnings } = await soak(CALLS, { store: 'memory' });
    figure(`${CALLS} calls: heap grew by ${growthMB} MB, calls ended ${JSON.stringify(endings)}`);
    expect({ listeners, handles, warnings }).toEqual({ listeners: 0, handles: [], warnings: [] });
    expect(growthMB).toBeLessThanOrEqual(5);
    // All of it was exercised, and nothing but errors of ours came out.
    for (const kind of ['model', 'cache', 'left', 'ABORTED', 'INVALID_RESPONSE', 'RATE_LIMIT_EXCEEDED']) {
      expect(endings[kind] ?? 0, kind).toBeGreaterThan(0);
    }
    expect(Object.keys(endings).filter((kind) => kind.startsWith('raw'))).toEqual([]);
  }, 300_000);

  it('lets its process end when it is closed, with a store of several processes as well', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'botllm-soak-'));
    onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
    const { listeners, handles, warnings } = await soak(400, { home });
    expect({ listeners, handles, warnings }).toEqual({ listeners: 0, handles: [], warnings: [] });
  }, 300_000);
});
