import { packageVersion } from './version.js';

/** The command line of this process. What needs nothing loads nothing: `--version` must not wait for commands. */
export async function start(): Promise<void> {
  const [word, ...more] = process.argv.slice(2);
  if ((word === '--version' || word === '-V') && more.length === 0) {
    process.stdout.write(`${packageVersion()}\n`);
    return;
  }
  if (word === 'complete') {
    const [{ complete }, { thisProcess }] = await Promise.all([
      import('./completion/complete.js'),
      import('./this-process.js'),
    ]);
    return complete(more, thisProcess());
  }
  const { main } = await import('./main.js');
  await main();
}
