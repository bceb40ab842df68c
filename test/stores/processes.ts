import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A fixture that runs, and what it has printed so far. */
export interface Running {
  child: ChildProcess;
  lines: string[];
  /** Resolves when the line was printed; rejects when the process ended without it. */
  said: (line: string) => Promise<void>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export function run(fixture: string, ...args: string[]): Running {
  const path = fileURLToPath(new URL(`./fixtures/${fixture}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let rest = '';
  let complaint = '';
  child.stdin?.on('error', () => undefined);
  child.stdout?.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    child.emit('lines');
  });
  child.stderr?.on('data', (chunk) => {
    complaint += chunk;
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const said = (line: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => lines.includes(line) && resolve();
      child.on('lines', look);
      ended.then(() => reject(new Error(`${fixture} ended without "${line}": ${complaint}`)));
      look();
    });
  return { child, lines, said, ended };
}

export function storeFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'botllm-store-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** The keeper processes of a store, by what stands in their command line. */
export function keepersOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.includes('keeper.js') && line.includes(JSON.stringify(folder));
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Waits until something holds; the bound is against hanging only. */
export async function until(holds: () => boolean | Promise<boolean>, boundMs = 60_000): Promise<void> {
  const end = Date.now() + boundMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not become true within ${boundMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Stops this whole process until another one is frozen; the bound is against hanging only. */
export function freezeHere(pid: number | undefined, boundMs = 60_000): void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const end = Date.now() + boundMs;
  while (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'T') {
    if (Date.now() > end) throw new Error(`${pid} was not frozen within ${boundMs} ms`);
    Atomics.wait(cell, 0, 0, 20);
  }
}
