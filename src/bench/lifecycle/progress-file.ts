import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { isSameProcess, processStartTime } from '../../engines/process-identity.js';
import type { HomeLayout } from '../../settings/home.js';

const BenchProgress = z.object({
  schema: z.literal(1),
  /** Whose bench it is: of a process that is gone the file means nothing. */
  pid: z.number().int().positive(),
  pidStartTime: z.string(),
  model: z.string(),
  load: z.string(),
  /** Which of how many models. */
  at: z.number().int(),
  of: z.number().int(),
  /** 0 to 1, of all models. */
  share: z.number().min(0).max(1),
  startedAt: z.string(),
});

/** How far a bench is, for whoever watches from another process. */
export type BenchProgress = Omit<z.infer<typeof BenchProgress>, 'schema' | 'pid' | 'pidStartTime'>;

const EVERY_MS = 1_000;

function progressFile(layout: HomeLayout): string {
  return path.join(layout.home, 'bench', 'progress.json');
}

/** Tells other processes how far this one's bench is. */
export interface ProgressFile {
  /** At most once a second; what comes sooner is passed over. A disk that refuses it costs no measurement. */
  tell(progress: BenchProgress): void;
  close(): Promise<void>;
}

export function openProgressFile(layout: HomeLayout): ProgressFile {
  const file = progressFile(layout);
  let nextAt = 0;
  let written: Promise<void> = Promise.resolve();
  const write = async (progress: BenchProgress): Promise<void> => {
    const pidStartTime = (await processStartTime(process.pid)) ?? '';
    await mkdir(path.dirname(file), { recursive: true });
    await writeFileAtomic(file, JSON.stringify({ schema: 1, pid: process.pid, pidStartTime, ...progress }));
  };
  return {
    tell(progress) {
      if (performance.now() < nextAt) return;
      nextAt = performance.now() + EVERY_MS;
      written = written.then(() => write(progress)).catch(() => undefined);
    },
    close: async () => {
      nextAt = Number.POSITIVE_INFINITY;
      await written;
      await rm(file, { force: true });
    },
  };
}

/** The bench of this home that goes on now, if one does. */
export async function benchUnderWay(layout: HomeLayout): Promise<BenchProgress | undefined> {
  try {
    const text = await readFile(progressFile(layout), 'utf8');
    const { schema: _, pid, pidStartTime, ...progress } = BenchProgress.parse(JSON.parse(text));
    return (await isSameProcess(pid, pidStartTime)) ? progress : undefined;
  } catch {
    return undefined;
  }
}
