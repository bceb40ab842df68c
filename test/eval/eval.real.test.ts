import { cp, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { EvalReport } from '../../src/eval/report.js';
import { CATALOGUE, namedEntry } from '../../src/models/catalogue.js';
import { Operator } from '../support/cli.js';
import { realModel } from '../support/real-model.js';

/** Only against hanging: a busy machine takes ten times what a free one does. */
const HANG_MS = 900_000;

test('eval starts a real model on a port of its own, asks it in several ways, and takes it down again', {
  timeout: HANG_MS,
}, async () => {
  await using operator = await Operator.create();
  const entry = namedEntry(CATALOGUE, CATALOGUE.standInAlias);
  const models = path.join(operator.env.BOTLLM_HOME ?? '', 'models');
  const TMPDIR = path.join(operator.home, 'tmp');
  await mkdir(models, { recursive: true });
  await mkdir(TMPDIR);
  await cp(realModel(), path.join(models, entry.file));

  const args = [
    'eval',
    'intent',
    '--models',
    entry.alias,
    '--ways',
    'schema,label,word',
    '--limit',
    '2',
    '--json',
  ];
  const run = await operator.start(args, { env: { TMPDIR }, timeoutMs: HANG_MS });
  expect([run.exitCode, run.stderr]).toEqual([0, expect.any(String)]);
  const { data } = JSON.parse(run.stdout.split('\n').at(-1) ?? '') as { data: EvalReport };
  const rows = data.rows.filter(({ control }) => !control);
  expect(rows.map(({ model, way, tasks }) => [model, way, tasks[0]?.n])).toEqual([
    [entry.alias, 'schema', 2],
    [entry.alias, 'label', 2],
    [entry.alias, 'word', 2],
  ]);
  // A schema that is held leaves no other shape.
  for (const { tasks } of rows.slice(0, 2)) {
    expect(tasks[0]?.marks).toMatchObject({
      valid: { rate: 1 },
      inSet: { rate: 1 },
      jsonStrict: { rate: 1 },
    });
  }
  expect(data.targets).toMatchObject([
    { id: entry.alias, engine: 'embedded', quant: 'Q4_1', started: true, hw: { device: 'cpu' } },
  ]);
  // The engine gives probabilities, and `word` lives on them.
  const sure = data.answers.filter(({ way, confidence }) => way === 'word' && confidence !== undefined);
  expect(sure.length).toBeGreaterThan(0);
  expect((await operator.run('status', '--json')).json().data).toMatchObject({ state: 'stopped' });
  expect((await readdir(TMPDIR)).filter((name) => name.startsWith('botllm-eval-'))).toEqual([]);
});
