import { EngineProcess } from './engine-process.js';
import { startFailureOf, writeFailureFile } from './failure-file.js';
import { EngineJob } from './job.js';
import type { EarlyLoad } from './load/early-load.js';
import { openLog } from './log.js';

/** Serves until it is told to stop, and then ends the process; its start may have been begun already. */
export async function runEngine(given: unknown, early: EarlyLoad | undefined): Promise<void> {
  const job = EngineJob.parse(given);
  const log = openLog({ file: job.logFile });
  if (process.env.UV_THREADPOOL_SIZE !== '1')
    log('warn', 'slow_thread_pool', { expected: 'UV_THREADPOOL_SIZE=1' });

  const engine = new EngineProcess(
    job,
    log,
    (error) => die('broken', error),
    () => void stop('idle'),
  );

  // A failure that nobody caught leaves a state that nobody knows; a promise that nobody awaited does not.
  process.on('uncaughtException', (error) => die('uncaught', error));
  process.on('unhandledRejection', (reason) => log('error', 'unhandled_rejection', describe(reason)));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));

  if (process.platform !== 'win32') process.on('SIGUSR2', () => void handOver());

  let stopped = false;
  try {
    await engine.start(early);
  } catch (error) {
    if (!stopped) {
      const failure = startFailureOf(job, error);
      writeFailureFile(job.failureFile, failure);
      log('error', 'start_failed', { ...failure });
      // The process ends when the pool's worker does.
      early?.abort();
      process.exit(1);
    }
  }

  async function stop(reason: string): Promise<void> {
    stopped = true;
    try {
      await engine.stop(reason);
    } catch (error) {
      log('error', 'stop_failed', describe(error));
    }
    process.exit(0);
  }

  async function handOver(): Promise<void> {
    try {
      await engine.handOver();
    } catch (error) {
      log('error', 'hand_over_failed', describe(error));
    }
  }

  function die(event: string, error: unknown): never {
    log('error', event, describe(error));
    process.exit(1);
  }
}

function describe(error: unknown): Record<string, unknown> {
  return { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
