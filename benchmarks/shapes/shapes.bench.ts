import { statfsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'vitest';
import { Operator } from '../../test/support/cli.js';
import { machine, quick, say } from '../options.js';
import { GUIDE_SHAPES, writeRandomWeights } from './random-weights.js';

/**
 * What the guide's three models would do on this machine, for speed and memory alone: `botllm bench --models` over
 * models of their very shapes whose weights are random numbers. The three files take 6 GB of the temporary folder.
 */
const HOUR_MS = 3_600_000;
const BYTES = 6_500_000_000;

test('the speed of the shapes of the guide’s models, with random weights', { timeout: 0 }, async () => {
  // The bench waits as long as a client would, and a slow machine may need longer than a client does.
  await using operator = await Operator.create({ LLM_TIMEOUT: '600', LLM_DEADLINE: '1200' });
  const { bavail, bsize } = statfsSync(operator.home);
  if (bavail * bsize < BYTES) throw new Error(`${BYTES / 1e9} GB are needed in the temporary folder`);
  say(machine());
  const files = GUIDE_SHAPES.map((shape) =>
    writeRandomWeights(path.join(operator.home, `${shape.name}-random.gguf`), shape),
  );
  const counts = quick
    ? ['--runs', '1', '--requests', '1', '--tg', '16']
    : ['--runs', '3', '--requests', '1'];
  const args = [
    'bench',
    '--models',
    files.join(','),
    '--gpu',
    'none',
    '--context',
    '1024',
    '--slots',
    '1',
    ...counts,
  ];
  const run = await operator.start(args, { timeoutMs: HOUR_MS });
  say(run.stdout);
  if (run.exitCode !== 0) throw new Error(run.stderr);
});
