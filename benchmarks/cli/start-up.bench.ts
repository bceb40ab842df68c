import path from 'node:path';
import { execa } from 'execa';
import { test } from 'vitest';
import { BIN, Operator } from '../../test/support/cli.js';
import { writeTinyGguf } from '../../test/support/tiny-gguf.js';
import { pairs, say } from '../options.js';
import { Figure, report } from '../report.js';

/** Starts of each program in a pair; their fastest counts, since nothing but other work makes one slower. */
const STARTS = 3;

/** What an operator waits for beside the start of Node itself: whole processes, as a shell starts them. */
test('start-up', { timeout: 0 }, async () => {
  await using operator = await Operator.create();
  const model = path.join(operator.home, 'tiny.gguf');
  writeTinyGguf(model, { context: 2048 });
  const up = await operator.run('up', '--engine', 'embedded', '--model', model);
  if (up.exitCode !== 0) throw new Error(up.stderr);

  const fastest = async (...args: string[]) => {
    let best = Number.POSITIVE_INFINITY;
    for (let start = 0; start < STARTS; start += 1) {
      const startedAt = performance.now();
      await execa(process.execPath, args, { env: operator.env, extendEnv: false, stdio: 'ignore' });
      best = Math.min(best, performance.now() - startedAt);
    }
    return best;
  };
  const figures = [
    { figure: new Figure('--version, ms', 'node -e 0', { ratioAtMost: 1.6 }), args: ['--version'] },
    {
      figure: new Figure('health of a ready engine, ms', 'node -e 0', { ratioAtMost: 2.5 }),
      args: ['health'],
    },
    { figure: new Figure('status, ms', 'node -e 0'), args: ['status'] },
    { figure: new Figure('--help, ms', 'node -e 0'), args: ['--help'] },
  ];
  for (let pair = 1; pair <= pairs; pair += 1) {
    const bare = await fastest('-e', '0');
    for (const { figure, args } of figures) figure.add(await fastest(BIN, ...args), bare);
    say(`pair ${pair}: ${figures.map(({ figure }) => figure.newest).join(' · ')}`);
  }
  report(
    'start of a command',
    figures.map(({ figure }) => figure),
    [`the fastest of ${STARTS} starts in each pair; the engine is the embedded one with a tiny model`],
  );
});
