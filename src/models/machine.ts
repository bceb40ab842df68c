import { totalmem } from 'node:os';

/** The memory that this machine, or the container around this process, has in all. */
export function machineMemory(): number {
  const limit = process.constrainedMemory();
  // Without a limit some kernels report a number beyond any memory, others 0.
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
