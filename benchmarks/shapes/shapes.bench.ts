import { statfsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'vitest';
import { Operator } from '../../test/support/cli.js';
import { machine, quick, say } from '../options.js';
import { type Shape, writeRandomWeights } from '../random-weights.js';

/** The guide's three models. Source: `config.json` of each model's repository. */
const GUIDE_SHAPES: readonly Shape[] = [
  {
    ...{ name: 'gemma-2b', architecture: 'gemma', layers: 18, width: 2048, feedForward: 16_384 },
    ...{ heads: 8, kvHeads: 1, headSize: 256, vocabulary: 256_000, context: 8192 },
  },
  {
    ...{ name: 'phi3-mini', architecture: 'phi3', layers: 32, width: 3072, feedForward: 8192 },
    ...{ heads: 32, kvHeads: 32, headSize: 96, vocabulary: 32_064, context: 4096 },
  },
  {
    ...{ name: 'qwen2.5-3b', architecture: 'qwen2', layers: 36, width: 2048, feedForward: 11_008 },
    ...{ heads: 16, kvHeads: 2, headSize: 128, vocabulary: 151_936, context: 32_768 },
  },
];

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
