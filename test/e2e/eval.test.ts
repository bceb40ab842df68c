import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { EvalReport } from '../../src/eval/report.js';
import { oracle, saying } from '../eval/engines.js';
import { Operator, toRun } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { completion, type FakeEngine, startFakeEngine } from '../support/fake-engine.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';

async function bench(): Promise<{ operator: Operator; engine: FakeEngine }> {
  const engine = await startFakeEngine();
  const operator = await Operator.create({ LLM_BASE_URL: engine.url });
  onTestFinished(async () => {
    await operator[Symbol.asyncDispose]();
    await engine.close();
  });
  return { operator, engine };
}

const reportIn = (run: { json: () => { data: object } }) => run.json().data as unknown as EvalReport;

test('eval prints a table a task, controls below, and passes its gate', async () => {
  const { operator, engine } = await bench();
  engine.answerWith(saying(oracle));
  const run = await operator.run('eval', '--limit', '8', '--fail-below', '0.9,intent:1');
  expect([run.exitCode, run.stderr]).toEqual([0, expect.stringContaining('fake-model / schema')]);
  expect(run.stdout).toMatch(/fake-model \/ schema +8 +100\.0 %/);
  for (const word of [
    'intent:',
    'validate:',
    'menu:',
    'improve:',
    'control: keyword',
    'control: echo',
    'botllm/1',
  ]) {
    expect(run.stdout).toContain(word);
  }
});

test('below its gate it ends with 8, names the row, and its data and files are there all the same', async () => {
  const { operator, engine } = await bench();
  engine.answerWith(completion('{"intent":"refund","entities":[]}'));
  const args = ['--limit', '16', '--json', '-o', 'report.json', '--junit', 'report.xml'];
  const run = await operator.run('eval', 'intent', ...args, '--fail-below', 'intent:0.9');
  expect(run.exitCode).toBe(8);
  expect(run.stderr).toContain('fake-model / schema: intent 0.');
  const { data } = JSON.parse(await readFile(path.join(operator.home, 'report.json'), 'utf8')) as {
    data: EvalReport;
  };
  expect(data.answers).toHaveLength(16);
  // The file holds the very object that is printed, what is below the gate included.
  expect(data).toEqual(reportIn(run));
  expect(run.json().schema).toBe('botllm.eval/1');
  // A figure without the machine is worth little.
  expect(data.targets).toMatchObject([
    { id: 'fake-model', engine: 'remote', family: 'llamacpp', slots: 4, hw: { device: 'unknown' } },
  ]);
  expect(data.client?.cores).toBeGreaterThan(0);
  expect(await readFile(path.join(operator.home, 'report.xml'), 'utf8')).toContain('<testsuites tests="16"');
});

test('--timeout bounds a question, and one that is late is a failed case', async () => {
  const { operator, engine } = await bench();
  engine.answerWith(completion(oracleText, { delayMs: 60_000 }));
  const run = await operator.run('eval', 'intent', '--limit', '2', '--timeout', '200ms', '--json');
  const { answers, rows } = reportIn(run);
  expect(answers.map(({ error }) => error)).toEqual(['DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED']);
  expect([run.exitCode, rows[0]?.partial]).toEqual([0, false]);
});

test.each([
  ['Ctrl-C', 'SIGINT', 130],
  ['SIGTERM', 'SIGTERM', 143],
] as const)(
  '%s ends it, and what was answered by then is printed and written',
  async (_, signal, exitCode) => {
    const { operator, engine } = await bench();
    engine.answerWith((response, request) => completion(oracleText, { delayMs: 100 })(response, request));
    const child = operator.start(['eval', 'intent', '--json', '-o', 'report.json']);
    while (engine.seen.length < 4) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill(signal);
    const run = toRun(await child);
    expect(run.exitCode).toBe(exitCode);
    const report = reportIn(run);
    expect(report.interrupted).toBe(true);
    expect(report.rows[0]).toMatchObject({ model: 'fake-model', partial: true });
    expect(report.answers.length).toBeGreaterThanOrEqual(3);
    expect(report.answers.length).toBeLessThan(100);
    // Nor has a control a figure of what nobody was asked.
    expect(report.rows.map(({ tasks }) => tasks[0]?.n)).toEqual(Array(4).fill(report.answers.length));
    const written = JSON.parse(await readFile(path.join(operator.home, 'report.json'), 'utf8')) as {
      data: EvalReport;
    };
    expect(written.data).toEqual(report);
    expect(run.stderr).toContain('report.json keeps them; the same command with --resume asks the others');
  },
);
const oracleText = '{"intent":"unknown","entities":[]}';

test('an engine of its own that is killed ends it with 3; what it answered is there, and what it was', async () => {
  const operator = await Operator.create();
  onTestFinished(() => operator[Symbol.asyncDispose]());
  const model = writeTinyGguf(path.join(operator.home, 'tiny.gguf'), { context: 16_384 });
  const child = operator.start(['eval', 'intent', '--ways', 'word', '--models', model, '--json']);
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text));
  // A line at every tenth, so at least a tenth is answered.
  await eventually(async () => /word [1-9]\d %/.test(said) || undefined);
  const record = path.join(operator.env.BOTLLM_HOME ?? '', 'bench/state/engine.json');
  const { pid } = JSON.parse(await readFile(record, 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL');
  const run = toRun(await child);
  expect([run.exitCode, run.stderr]).toEqual([3, expect.stringContaining('of 412 questions were answered')]);
  const report = reportIn(run);
  expect(report.interrupted).toBe(false);
  expect(report.rows[0]).toMatchObject({
    partial: true,
    planned: 412,
    failed: { code: 'ENGINE_UNREACHABLE' },
  });
  expect(report.answers.length).toBeGreaterThanOrEqual(41);
  expect(report.answers.filter(({ error }) => error === 'ENGINE_UNREACHABLE')).toEqual([]);
  // Of its own engine it knows everything; it was asked before it died.
  const { size } = await stat(model);
  expect(report.targets).toEqual([
    {
      ...{ id: 'tiny', model: 'tiny', engine: 'embedded', engine_version: expect.any(String) },
      ...{
        weights_bytes: size,
        parameters: expect.any(Number),
        random_weights: true,
        ctx: expect.any(Number),
        slots: 1,
      },
      ...{ base_url: expect.stringContaining('127.0.0.1'), started: true, hw: { device: 'cpu', gpu: [] } },
    },
  ]);
  // Nothing of it is left to be put right.
  expect(await readFile(record, 'utf8').catch(() => 'gone')).toBe('gone');
});

test('--stop-running stops the running engine once for all models, after it was asked itself, and starts it again', async () => {
  const operator = await Operator.create();
  onTestFinished(() => operator[Symbol.asyncDispose]());
  const [alpha, ...others] = ['alpha', 'beta', 'gamma'].map((name) =>
    writeTinyGguf(path.join(operator.home, `${name}.gguf`), { context: 16_384 }),
  );
  await operator.run('up', '--engine', 'embedded', '--gpu', 'none', '--model', alpha ?? '');
  const engine = async () =>
    JSON.parse(await readFile(path.join(operator.env.BOTLLM_HOME ?? '', 'state/engine.json'), 'utf8')) as {
      pid: number;
      port: number;
    };
  const before = await engine();
  const models = [...others, alpha].join(',');
  const asking = ['intent', '--ways', 'word', '--limit', '1', '--models', models, '--json'];
  const run = await operator.run('eval', ...asking, '--stop-running');
  expect([run.exitCode, run.stderr]).toEqual([0, expect.any(String)]);
  expect(reportIn(run).targets?.map(({ id, started }) => [id, started])).toEqual([
    ['alpha', false],
    ['beta', true],
    ['gamma', true],
  ]);
  expect(run.stderr.match(/^(Stopping|Starting) the .*engine/gm)).toEqual([
    'Stopping the running engine',
    'Starting the engine',
  ]);
  const after = await engine();
  expect([after.port, after.pid === before.pid]).toEqual([before.port, false]);
  expect((await operator.run('health')).stdout).toBe('ready');
});

test('servers named by @ are asked in turn; one that is not there costs the others nothing', async () => {
  const { operator, engine } = await bench();
  engine.answerWith(saying(oracle));
  const models = `good@${engine.url},gone@http://127.0.0.1:9`;
  const run = await operator.run('eval', 'intent', '--models', models, '--limit', '4', '--json');
  expect(run.exitCode).toBe(3);
  const data = run.json().data as unknown as EvalReport & {
    failed: { model: string; error: { code: string } }[];
  };
  expect(data.rows[0]).toMatchObject({ model: 'good', tasks: [{ right: { rate: 1 } }] });
  expect(data.failed).toMatchObject([
    { model: 'gone@http://127.0.0.1:9', error: { code: 'ENGINE_UNREACHABLE' } },
  ]);
});

test('--resume asks only what the report has no answer to, and refuses what is not as it was', async () => {
  const { operator, engine } = await bench();
  engine.answerWith(saying(oracle));
  const ask = (...args: string[]) =>
    operator.run('eval', 'intent', '-o', 'report.json', '--json', '--resume', ...args);
  const first = await ask('--limit', '5');
  expect([first.exitCode, first.stderr]).toEqual([0, expect.stringContaining('is not there yet')]);
  const [before, asked] = [reportIn(first), engine.seen.length];
  const second = await ask('--limit', '9');
  expect([second.exitCode, second.stderr]).toEqual([0, expect.stringContaining('5 answers are there')]);
  const after = reportIn(second);
  const questions = engine.seen.slice(asked).map(({ headers }) => headers['x-request-id']);
  expect(new Set(questions.filter((id) => String(id).startsWith('eval:'))).size).toBe(4);
  expect(after.answers.slice(0, 5)).toEqual(before.answers);
  expect(after.answers.map(({ id }) => id)).toHaveLength(9);
  expect(after).toMatchObject({ startedAt: before.startedAt, resumedAt: [expect.any(String)] });
  expect(after.rows[0]).toMatchObject({ partial: false, planned: 9, tasks: [{ n: 9 }] });
  // Another way is another row; the one of then stays.
  const other = reportIn(await ask('--limit', '9', '--ways', 'word'));
  expect(other.rows.filter(({ control }) => !control).map(({ way, tasks }) => [way, tasks[0]?.n])).toEqual([
    ['schema', 9],
    ['word', 9],
  ]);
  const written = await readFile(path.join(operator.home, 'report.json'), 'utf8');
  for (const [args, what] of [
    [['--limit', '9', '--seed', '7'], 'seed: 42 then, 7 now'],
    [['--limit', '9', '--concurrency', '2'], 'concurrency: 1 then, 2 now'],
    [['--limit', '3'], 'answers to questions that are not asked now'],
  ] as const) {
    const refused = await ask(...args);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining(what)]);
  }
  const elsewhere = await operator.run('eval', 'intent', '--resume');
  expect([elsewhere.exitCode, elsewhere.stderr]).toEqual([2, expect.stringContaining('-o report.json')]);
  expect(await readFile(path.join(operator.home, 'report.json'), 'utf8')).toBe(written);
});

test('a place that cannot be written is refused before anything is asked', async () => {
  const { operator, engine } = await bench();
  for (const option of ['-o', '--junit']) {
    for (const place of ['nowhere/file', '.']) {
      const run = await operator.run('eval', 'intent', '--limit', '2', option, place);
      expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('cannot be written')]);
    }
  }
  expect(engine.seen).toEqual([]);
});

test('a set of one’s own is imported, and what is wrong with an option is a usage error', async () => {
  const { operator, engine } = await bench();
  const lines = ['tea', 'coffee'].flatMap((intent) =>
    [1, 2, 3].map((n) => JSON.stringify({ text: `${intent} number ${n}`, intent })),
  );
  await writeFile(path.join(operator.home, 'mine.jsonl'), lines.join('\n'));
  engine.answerWith(completion('{"intent":"tea","entities":[]}'));
  const run = await operator.run('eval', '--data', 'jsonl:mine.jsonl', '--json');
  expect(run.exitCode).toBe(0);
  expect(reportIn(run)).toMatchObject({
    set: { labels: 2 },
    rows: [{ tasks: [{ n: 4, right: { hits: 2 } }] }, {}, {}, {}],
  });
  for (const wrong of [
    ['eval', 'poetry'],
    ['eval', '--data', 'jsonl:nowhere.jsonl'],
    ['eval', '--fail-below', 'intent=1'],
  ]) {
    const { exitCode, stderr } = await operator.run(...wrong);
    expect([wrong, exitCode, stderr]).toEqual([wrong, 2, expect.stringMatching(/\S/)]);
  }
});
