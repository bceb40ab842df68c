import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'vitest';
import { BIN, Operator } from '../../test/support/cli.js';
import { childOf, processorSeconds } from '../../test/support/process-cost.js';
import { Pty } from '../../test/support/pty.js';
import { pairs, quick, say } from '../options.js';
import { Figure, report } from '../report.js';

const WARM_UP_MS = 10_000;
const SPAN_MS = quick ? 5_000 : 20_000;

/** What a watch costs that somebody leaves open all day: the overview, once a second. */
test('top', { timeout: 0 }, async () => {
  await using operator = await Operator.create();
  const share = new Figure('percent of a core, once a second', '', { atMost: 2 });
  await using pty = new Pty([process.execPath, BIN, 'top'], { columns: 120, rows: 40, env: operator.env });
  await pty.shows(/Overview/);
  await sleep(WARM_UP_MS);
  const watch = childOf(pty.pid);
  for (let pair = 1; pair <= pairs; pair += 1) {
    const [from, startedAt] = [processorSeconds(watch), performance.now()];
    await sleep(SPAN_MS);
    share.add(((processorSeconds(watch) - from) / (performance.now() - startedAt)) * 100_000);
    say(`span ${pair}: ${share.newest}`);
  }
  report(
    'botllm top',
    [share],
    ['spans of one watch, after its start; no engine runs, nothing answers as a gateway'],
  );
});
