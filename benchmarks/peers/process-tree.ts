import { readdirSync, readFileSync } from 'node:fs';

/** Resident bytes of a process and of all that it started, as far as they run now. */
export function treeBytes(root: number): number {
  const parents = new Map<number, { parent: number; bytes: number }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      const parent = Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
      const kib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
      parents.set(Number(name), { parent, bytes: kib * 1024 });
    } catch {
      // It ended meanwhile.
    }
  }
  const isOurs = (pid: number): boolean => {
    if (pid === root) return true;
    const parent = parents.get(pid)?.parent;
    return parent !== undefined && parent > 1 && isOurs(parent);
  };
  return [...parents].reduce((sum, [pid, { bytes }]) => sum + (isOurs(pid) ? bytes : 0), 0);
}
