import { packageVersion } from './version.js';

/** The command line of this process. What needs nothing loads nothing: `--version` must not wait for commands. */
export async function start(): Promise<void> {
  const [word, ...more] = process.argv.slice(2);
  if ((word === '--version' || word === '-V') && more.length === 0) {
    process.stdout.write(`${packageVersion()}\n`);
    return;
  }
  const { main } = await import('./main.js');
  await main();
}
