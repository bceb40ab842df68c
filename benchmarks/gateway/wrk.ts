import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));
let runs = 0;

/** @throws Error where wrk is not installed; asked for its version, it ends with 1 */
export async function requireWrk(): Promise<void> {
  const { stdout } = await execa('wrk', ['-v'], { reject: false });
  if (!stdout?.startsWith('wrk')) throw new Error('wrk is missing: apt-get install wrk');
}

export interface LoadRun {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

export interface Target {
  /** Where chats are posted to. */
  url: string;
  headers?: Readonly<Record<string, string>>;
}

/**
 * Posts chats for so many seconds, one thread and so many connections, each asking again when it has its answer.
 * @param kind `fresh`: no two alike, five a user; `same`: all alike, so that a cache has the answer
 */
export async function load(
  { url, headers = {} }: Target,
  kind: 'fresh' | 'same',
  { clients, seconds }: { clients: number; seconds: number },
): Promise<LoadRun> {
  runs += 1;
  const run = `${process.pid}-${runs}`;
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const args = [
    '-t1',
    `-c${clients}`,
    `-d${seconds}s`,
    '--timeout',
    '30s',
    '-s',
    SCRIPT,
    url,
    '--',
    kind,
    run,
  ];
  const { stdout } = await execa('wrk', [...args, ...more]);
  const { errors, ...figures } = JSON.parse(stdout.split('\n').at(-1) ?? '') as LoadRun & {
    errors: Record<string, number>;
  };
  const failed = Object.entries(errors).filter(([, count]) => count > 0);
  if (failed.length > 0) throw new Error(`requests of ${url} failed: ${JSON.stringify(failed)}`);
  // A peer that answered nobody is not measured, and beaten by no ratio.
  if (!(figures.perSecond > 0)) throw new Error(`${url} answered nobody within ${seconds} s`);
  return figures;
}
