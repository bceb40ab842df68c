import { createRequire } from 'node:module';
import type { EngineJob } from './job.js';
import { beginLoad } from './load/early-load.js';

/**
 * The process that holds the model. It is started with its job in BOTLLM_ENGINE_JOB and with
 * UV_THREADPOOL_SIZE=1: every worker of that pool that calls into llama.cpp brings a thread team of its own,
 * and idle teams spin (measured: half the tokens a second with the usual four).
 *
 * Everything of ours is imported only once the weights are on their way, because that takes 0.1 s.
 */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const leave = () => process.exit(0);
for (const signal of SIGNALS) process.on(signal, leave);
// It would end this process: not before it serves can it give its port away.
if (process.platform !== 'win32') process.on('SIGUSR2', () => {});
const job: unknown = JSON.parse(process.env.BOTLLM_ENGINE_JOB ?? 'null');
// Whatever it is that does not hold: the slower way is the one that says so.
const early = await beginLoad(job as EngineJob).catch(() => undefined);
const { runEngine } = await importNow();
for (const signal of SIGNALS) process.off(signal, leave);
await runEngine(job, early);

/** An `import` waits for the pool's one worker, which is busy with the weights; `require` reads by itself. */
async function importNow(): Promise<typeof import('./run.js')> {
  try {
    return createRequire(import.meta.url)('./run.js');
  } catch {
    return await import('./run.js');
  }
}
