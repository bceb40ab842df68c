import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'vitest';
import type { CapacityResult } from '../../src/bench/capacity/measure-capacity.js';
import { CATALOGUE, namedEntry } from '../../src/models/catalogue.js';
import { Operator, toRun } from '../../test/support/cli.js';
import { realModel } from '../../test/support/real-model.js';
import { machine, pairs, quick, say } from '../options.js';

/**
 * Whether the capacity of a real model stands: `bench capacity --verify` on the embedded engine, again and again.
 * It proves no fault when it does not: a machine that others use, too, is another machine a minute later.
 */
const ARGS = ['--workload', 'synthetic', '--pp', '8', '--tg', '2', '--rate-per-user', '6/min'];
const LIMIT = ['--slo', 'e2el:1000', '--requests', quick ? '40' : '100'];
const percent = (share: number) => (share * 100).toFixed(1);
const HOUR_MS = 3_600_000;

test('the capacity of the embedded engine, found and sent again', { timeout: 0 }, async () => {
  const standIn = namedEntry(CATALOGUE, CATALOGUE.standInAlias);
  await using operator = await Operator.create();
  const models = path.join(operator.env.BOTLLM_HOME ?? '', 'models');
  await mkdir(models, { recursive: true });
  await cp(realModel(), path.join(models, standIn.file));
  const up = await operator.run('up', '--model', standIn.alias, '--slots', '2', '--gpu', 'none');
  if (up.exitCode !== 0) throw new Error(up.stderr);
  say(machine());
  let held = 0;
  for (let time = 1; time <= pairs; time += 1) {
    const args = ['bench', 'capacity', ...ARGS, ...LIMIT, '--seed', String(time), '--verify', '--json'];
    const run = toRun(await operator.start(args, { timeoutMs: HOUR_MS }));
    const { users, tooMany, limit, verification } = run.json().data as unknown as CapacityResult;
    if (verification?.held) held += 1;
    const said = [verification?.carried, verification?.overloaded].map(
      (trial) =>
        trial &&
        `${trial.users} users ${percent(trial.mean)} % [${trial.ci95.map(percent).join('–')}] in time: ${trial.verdict}`,
    );
    say(
      `${time}: ${users} users, ${tooMany ?? 'none'} too many (${limit}); ${said.join(', ')}; load ${machine().split('load ')[1]}`,
    );
  }
  say(`the figure stood ${held} times of ${pairs}`);
});
