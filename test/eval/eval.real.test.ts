import { readdirSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { EvalReport } from '../../src/eval/report.js';
import { CATALOGUE, namedEntry } from '../../src/models/catalogue.js';
import { Operator } from '../support/cli.js';
import { realModel } from '../support/real-model.js';

test('eval starts a real model on a port of its own, asks it in every way, and takes it down again', {
  timeout: 600_000,
}, async () => {
  await using operator = await Operator.create();
  const entry = namedEntry(CATALOGUE, CATALOGUE.standInAlias);
  const models = path.join(operator.env.BOTLLM_HOME ?? '', 'models');
  await mkdir(models, { recursive: true });
  await cp(realModel(), path.join(models, entry.file));
  const ask = (...args: string[]) =>
    operator.start(['eval', ...args, '--models', entry.alias, '--json'], { timeoutMs: 280_000 });

  const run = await ask('intent', '--ways', 'all', '--limit', '3');
  expect([run.exitCode, run.stderr]).toEqual([0, expect.any(String)]);
  const { data } = JSON.parse(run.stdout.split('\n').at(-1) ?? '') as { data: EvalReport };
  const rows = data.rows.filter(({ control }) => !control);
  expect(rows.map(({ way }) => way)).toEqual(['schema', 'turns', 'label', 'word', 'free']);
  for (const { way, tasks } of rows) {
    const [score] = tasks;
    expect([way, score?.n]).toEqual([way, 3]);
    // A schema that is held leaves no other shape; without one this model may say anything.
    if (['schema', 'turns', 'label'].includes(way)) {
      expect(score?.marks, way).toMatchObject({
        valid: { rate: 1 },
        inSet: { rate: 1 },
        jsonStrict: { rate: 1 },
      });
    }
  }
  // The embedded engine gives probabilities, and `word` lives on them.
  const words = data.answers.filter(({ way }) => way === 'word');
  expect(words.filter(({ confidence }) => typeof confidence === 'number').length).toBeGreaterThan(0);

  const attacked = await ask('hostile', '--limit', '3');
  expect(attacked.exitCode).toBe(0);
  const hostile = JSON.parse(attacked.stdout.split('\n').at(-1) ?? '') as { data: EvalReport };
  expect(hostile.data.rows[0]?.tasks[0]?.marks.contained?.rate).toBe(1);

  expect((await operator.run('status', '--json')).json().data).toMatchObject({ state: 'stopped' });
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('botllm-eval-'))).toEqual([]);
});
