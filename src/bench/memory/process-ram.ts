import { readFile, writeFile } from 'node:fs/promises';
import type { Ram } from '../report/schema-memory.js';

/**
 * What a process has in memory, from /proc: the kernel's sum over all its mappings (`smaps_rollup`, where a page
 * that several processes share counts in parts), or the coarser `status` where that one may not be read.
 * @returns undefined when the process is gone, or where there is no /proc
 */
export async function processRam(pid: number): Promise<Ram | undefined> {
  const [rollup, status] = await Promise.all([read(pid, 'smaps_rollup'), read(pid, 'status')]);
  if (status === undefined) return undefined;
  const peak = optional('peak', bytesOf(status, 'VmHWM'));
  if (rollup !== undefined && bytesOf(rollup, 'Pss_Anon') !== undefined) {
    return {
      ...optional('anon', bytesOf(rollup, 'Pss_Anon')),
      ...optional('file', bytesOf(rollup, 'Pss_File')),
      ...optional('rss', bytesOf(rollup, 'Rss')),
      ...optional('pss', bytesOf(rollup, 'Pss')),
      ...optional('swap', bytesOf(rollup, 'Swap')),
      ...peak,
      method: 'smaps_rollup',
    };
  }
  if (bytesOf(status, 'VmRSS') === undefined) return undefined;
  return {
    ...optional('anon', bytesOf(status, 'RssAnon')),
    ...optional('file', bytesOf(status, 'RssFile')),
    ...optional('rss', bytesOf(status, 'VmRSS')),
    ...optional('swap', bytesOf(status, 'VmSwap')),
    ...peak,
    method: 'status',
  };
}

/**
 * Lets the kernel's own peak begin anew (proc_pid_clear_refs(5)), so that loading does not count as serving.
 * @returns whether it did
 */
export async function resetPeak(pid: number): Promise<boolean> {
  return writeFile(`/proc/${pid}/clear_refs`, '5').then(
    () => true,
    () => false,
  );
}

/**
 * Resident bytes of one file in a process: weights that it reads where they lie.
 * @returns 0 when it does not map the file; undefined when that cannot be seen
 */
export async function mappedBytes(pid: number, file: string): Promise<number | undefined> {
  const maps = await read(pid, 'smaps');
  if (maps === undefined) return undefined;
  let inside = false;
  let bytes = 0;
  for (const line of maps.split('\n')) {
    // `7f0c…-7f0d… r--s 00000000 08:01 1234   /path of the file`
    const mapping = /^[\da-f]+-[\da-f]+ \S+ \S+ \S+ \d+ *(.*)$/.exec(line);
    if (mapping) inside = mapping[1] === file;
    else if (inside) bytes += bytesOf(line, 'Rss') ?? 0;
  }
  return bytes;
}

function bytesOf(text: string, name: string): number | undefined {
  const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}

function optional<Name extends string>(name: Name, value: number | undefined): Partial<Record<Name, number>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<Name, number>>);
}

function read(pid: number, file: string): Promise<string | undefined> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => undefined);
}
