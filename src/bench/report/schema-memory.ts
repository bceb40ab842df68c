import { z } from 'zod';

/** Bytes in memory of the machine, at the highest sample of the steady phase. */
export const Ram = z.object({
  /** Memory of its own: KV cache, buffers, the program's data. */
  anon: z.number().optional(),
  /** Pages of files: weights that are mapped, code. */
  file: z.number().optional(),
  /** Resident pages in all; those that other processes map as well count in full. */
  rss: z.number().optional(),
  /** Resident pages in all; a page that n processes map counts as one n-th. */
  pss: z.number().optional(),
  /** A container's use less what the kernel would give back first (inactive file pages). */
  working_set: z.number().optional(),
  /** The highest that the kernel itself has seen. */
  peak: z.number().optional(),
  swap: z.number().optional(),
  method: z.enum(['smaps_rollup', 'status', 'cgroup', 'docker_api', 'rss', 'server_reported']),
});
export type Ram = z.infer<typeof Ram>;

export const GpuMemory = z.object({
  bytes: z.number(),
  /** Of this process, or the difference of the whole card since before the start. */
  scope: z.enum(['process', 'device_delta', 'server_reported']),
  /** Reserved at the start whatever the model needs (vLLM, TGI). */
  preallocated: z.boolean(),
});

export const MemorySplit = z.object({
  /** Bytes of the weights that are resident. */
  weights: z.number().optional(),
  /** Bytes of the KV cache of all slots, by the model's shape. */
  kv: z.number().optional(),
  /** What is left: buffers, the program. */
  other: z.number().optional(),
});
export type MemorySplit = z.infer<typeof MemorySplit>;

export const Memory = z.object({
  ram: Ram.optional(),
  gpu: GpuMemory.optional(),
  split: MemorySplit.optional(),
  /** How often it was looked at. */
  samples: z.number().int().nonnegative(),
  /** Why a part is not there. */
  absent: z.record(z.string(), z.string()).optional(),
});
export type Memory = z.infer<typeof Memory>;
