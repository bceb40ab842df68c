import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { withQuality } from '../../src/cli/bench-quality.js';
import type { Context } from '../../src/cli/context.js';
import { evaluateModel } from '../../src/eval/evaluate.js';
import type { EvalReport } from '../../src/eval/report.js';
import { WAYS } from '../../src/eval/ways/list.js';
import { aTarget } from '../bench/fixtures/report.js';
import { Operator, toRun } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { type EngineBehaviour, FakeEngineProcess } from '../support/fake-engine-process.js';
import { SET } from './engines.js';

const never = new AbortController().signal;

async function anEngine(behaviour: EngineBehaviour = {}): Promise<FakeEngineProcess> {
  const engine = await FakeEngineProcess.start({
    answer: '{"intent":"unknown","entities":[]}',
    ...behaviour,
  });
  onTestFinished(() => engine.kill());
  return engine;
}

test.each([1, 4])(
  'what an engine answered outlives it; the rest is neither asked nor failed (%i at once)',
  async (concurrency) => {
    const engine = await anEngine();
    const [schema, turns] = WAYS;
    if (!schema || !turns) throw new Error('there are no ways');
    const plan = {
      set: SET,
      tasks: ['intent'] as const,
      ways: [schema, turns],
      limit: 40,
      seed: 1,
      concurrency,
    };
    let dying: Promise<void> | undefined;
    const rows = await evaluateModel({ id: 'm', baseUrl: engine.url, model: 'm' }, plan, {
      signal: never,
      onAnswer: ({ done }) => {
        if (done === 10) dying = engine.kill();
      },
    });
    await dying;
    const [first, second] = rows;
    expect(rows.map(({ way, planned }) => [way, planned])).toEqual([
      ['schema', 40],
      ['turns', 40],
    ]);
    expect(first?.answers.length).toBeGreaterThanOrEqual(10);
    expect(first?.answers.length).toBeLessThanOrEqual(10 + concurrency);
    expect(first?.answers.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(first?.failed).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      detail: `ENGINE_UNREACHABLE; ${first?.answers.length} of 40 questions were answered`,
    });
    expect(second).toMatchObject({ answers: [], failed: { code: 'ENGINE_UNREACHABLE' } });
  },
);

test('eval reports what a killed engine had answered, in every form, and goes on with the next model', async () => {
  const [dying, living] = [await anEngine({ delayMs: 200 }), await anEngine()];
  const operator = await Operator.create();
  onTestFinished(() => operator[Symbol.asyncDispose]());
  const models = `dying@${dying.url},living@${living.url}`;
  const files = ['-o', 'report.json', '--junit', 'report.xml'];
  const child = operator.start(['eval', 'intent', '--models', models, '--limit', '40', '--json', ...files]);
  await eventually(async () => (await dying.stats()).answered >= 5 || undefined);
  await dying.kill();
  const run = toRun(await child);

  const data = run.json().data as unknown as EvalReport & { failed: { model: string; error: object }[] };
  const [cut, whole, ...controls] = data.rows;
  const answered = cut?.tasks[0]?.n ?? 0;
  expect([run.exitCode, run.stderr]).toEqual([
    3,
    expect.stringContaining(`ENGINE_UNREACHABLE; ${answered} of 40 questions were answered`),
  ]);
  expect(answered).toBeGreaterThanOrEqual(5);
  expect(answered).toBeLessThan(40);
  expect(cut).toMatchObject({
    model: 'dying',
    partial: true,
    planned: 40,
    failed: { code: 'ENGINE_UNREACHABLE' },
  });
  expect(whole).toMatchObject({ model: 'living', partial: false, tasks: [{ n: 40 }] });
  expect(data).toMatchObject({
    interrupted: false,
    failed: [{ model: `dying@${dying.url}`, error: { code: 'ENGINE_UNREACHABLE' } }],
    // In pairs only what both answered; the controls what either did.
    comparisons: [{ n: answered }],
  });
  expect(controls.map(({ tasks }) => tasks[0]?.n)).toEqual([40, 40, 40]);
  expect(JSON.parse(await readFile(path.join(operator.home, 'report.json'), 'utf8'))).toEqual(run.json());
  const junit = await readFile(path.join(operator.home, 'report.xml'), 'utf8');
  expect(junit).toContain(`<testsuites tests="${answered + 41}"`);
  expect(junit).toContain(
    `<error type="ENGINE_UNREACHABLE" message="dying does not answer any more: ${answered} of 40`,
  );
});

test.each([
  ['whose backend died, and which refuses everything since,', 'broken', 'm does not answer any more'],
  ['that says it is well and refuses everything', 'refusing', 'm refused 10 questions in a row'],
] as const)('an engine %s ends the run as a killed one does', async (_, mode, message) => {
  const engine = await anEngine();
  const plan = { set: SET, tasks: ['intent'] as const, ways: WAYS.slice(0, 1), limit: 40, seed: 1 };
  let breaking: Promise<void> | undefined;
  const [row] = await evaluateModel(
    { id: 'm', baseUrl: engine.url, model: 'm' },
    { ...plan, concurrency: 1 },
    {
      signal: never,
      onAnswer: ({ done }) => {
        if (done === 5) breaking = engine.behave({ mode });
      },
    },
  );
  await breaking;
  expect(row?.failed).toMatchObject({ code: 'ENGINE_ERROR', message });
  expect(row?.answers.length).toBeGreaterThanOrEqual(5);
  expect(row?.answers.length).toBeLessThan(8);
  expect(row?.answers.filter(({ error }) => error !== undefined)).toEqual([]);
});

test('an engine that is frozen ends the run as well, and one that is slow does not', async () => {
  const engine = await anEngine();
  const plan = { set: SET, tasks: ['intent'] as const, ways: WAYS.slice(0, 1), limit: 4, seed: 1 };
  const ask = async (deadlineMs: number, onAnswer?: () => void) => {
    const target = { id: 'm', baseUrl: engine.url, model: 'm' };
    const [row] = await evaluateModel(
      target,
      { ...plan, concurrency: 1, deadlineMs },
      { signal: never, onAnswer },
    );
    return { errors: row?.answers.map(({ error }) => error), failed: row?.failed?.code };
  };
  await engine.behave({ delayMs: 60_000 });
  const late = Array(4).fill('DEADLINE_EXCEEDED');
  expect(await ask(300)).toEqual({ errors: late, failed: undefined });
  await engine.behave({ delayMs: 0 });
  // Time for an answer on a busy machine, so that only what is frozen is late.
  const frozen = await ask(3_000, () => engine.freeze());
  expect(frozen).toEqual({ errors: [undefined], failed: 'DEADLINE_EXCEEDED' });
});

test('a bench whose engine dies over the questions of quality keeps the speed, and says why there is no quality', async () => {
  const engine = await anEngine();
  const said: unknown[] = [];
  const ctx = { signal: never, out: { explain: (error: unknown) => said.push(error) } } as unknown as Context;
  let asked = 0;
  const bar = () => {
    asked += 1;
    if (asked === 5) void engine.kill();
  };
  const progress = { step: () => {}, bar, bytes: () => {}, done: () => {} };
  const measured = aTarget();
  const served = { root: engine.url, model: 'm', dialect: 'openai' } as const;
  const target = await withQuality(ctx, measured, served, { level: 'smoke', seed: 1, progress });
  expect(target).toEqual({
    ...measured,
    failed: { code: 'ENGINE_UNREACHABLE', message: 'm does not answer any more' },
    absent: {
      ...measured.absent,
      quality: expect.stringMatching(/^ENGINE_UNREACHABLE; \d+ of 40 questions/),
    },
  });
  expect(said).toHaveLength(1);
});
