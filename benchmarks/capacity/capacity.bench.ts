import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'vitest';
import type { CapacityResult } from '../../src/bench/capacity/measure-capacity.js';
import { CATALOGUE, namedEntry } from '../../src/models/catalogue.js';
import { Operator, toRun } from '../../test/support/cli.js';
import { realModel } from '../../test/support/real-model.js';
import { writeTinyGguf } from '../../test/support/tiny-gguf.js';
import { machine, pairs, quick, say } from '../options.js';

/**
 * Whether a capacity stands: `bench capacity --verify` on the embedded engine, again and again. It proves no fault when
 * it does not: a machine that others use, too, is another machine a minute later. That of the little model, whose
 * weights are random numbers, is found and checked within two or three minutes; that of a real one takes longer.
 */
const LOAD = ['--workload', 'synthetic', '--pp', '8', '--requests', quick ? '40' : '100'];
const HOUR_MS = 3_600_000;
const percent = (share: number) => (share * 100).toFixed(1);

test('the capacity of the embedded engine with random weights, found and sent again', {
  timeout: 0,
}, async () => {
  await using operator = await Operator.create();
  const model = path.join(operator.home, 'random.gguf');
  writeTinyGguf(model, { context: 2048, layers: 4, width: 256 });
  await serve(operator, model);
  await repeat(operator, ['--tg', '8', '--rate-per-user', '60/min', '--slo', 'e2el:300']);
});

test('the capacity of the embedded engine with the 135 M model, found and sent again', {
  timeout: 0,
}, async () => {
  const standIn = namedEntry(CATALOGUE, CATALOGUE.standInAlias);
  await using operator = await Operator.create();
  const models = path.join(operator.env.BOTLLM_HOME ?? '', 'models');
  await mkdir(models, { recursive: true });
  await cp(realModel(), path.join(models, standIn.file));
  await serve(operator, standIn.alias);
  await repeat(operator, ['--tg', '2', '--rate-per-user', '6/min', '--slo', 'e2el:1000']);
});

async function serve(operator: Operator, model: string): Promise<void> {
  const up = await operator.run(
    'up',
    '--engine',
    'embedded',
    '--model',
    model,
    '--slots',
    '2',
    '--gpu',
    'none',
  );
  if (up.exitCode !== 0) throw new Error(up.stderr);
}

async function repeat(operator: Operator, load: readonly string[]): Promise<void> {
  say(machine());
  let held = 0;
  for (let time = 1; time <= pairs; time += 1) {
    const args = ['bench', 'capacity', ...LOAD, ...load, '--seed', String(time), '--verify', '--json'];
    const startedAt = performance.now();
    const run = toRun(await operator.start(args, { timeoutMs: HOUR_MS }));
    const { users, tooMany, limit, aloneMs, verification } = run.json().data as unknown as CapacityResult;
    if (verification?.held) held += 1;
    const said = [verification?.carried, verification?.overloaded].map(
      (trial) =>
        trial &&
        `${trial.users} users ${percent(trial.mean)} % [${trial.ci95.map(percent).join('–')}] in time: ${trial.verdict}`,
    );
    const took = `${Math.round((performance.now() - startedAt) / 1000)} s, load ${machine().split('load ')[1]}`;
    say(
      `${time}: alone ${Math.round(aloneMs)} ms; ${users} users, ${tooMany ?? 'none'} too many (${limit}); ${said.join(', ')}; ${took}`,
    );
  }
  say(`the figure stood ${held} times of ${pairs}`);
}
