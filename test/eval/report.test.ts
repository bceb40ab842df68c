import { describe, expect, test } from 'vitest';
import { casesOf, evaluateControls, evaluateModel } from '../../src/eval/evaluate.js';
import { failures } from '../../src/eval/gate.js';
import { junitOf } from '../../src/eval/junit.js';
import { qualityOf } from '../../src/eval/quality.js';
import { type Asked, type EvalReport, reportOf } from '../../src/eval/report.js';
import { caseIdOf } from '../../src/eval/request-id.js';
import { macroF1 } from '../../src/eval/score.js';
import type { EvalCase } from '../../src/eval/set/cases.js';
import { TODAY } from '../../src/eval/set/validate-cases.js';
import { DEFAULT_WAY } from '../../src/eval/ways/list.js';
import { broken, completion, type Reply, refuse, startFakeEngine } from '../support/fake-engine.js';
import { oracle, reportWith, SET, saying } from './engines.js';

const never = new AbortController().signal;
/** A row of a model that answered these. */
const answered = (cases: readonly EvalCase[]): Asked => ({
  ...{ model: 'm', way: 'schema', control: false, planned: cases.length },
  answers: cases.map(({ id, task }) => ({
    ...{ id, task, right: true, usable: true, marks: {}, raw: [] },
    ...{ source: 'model', attempts: 1, latencyMs: 1 },
  })),
});
const PLAN = { set: SET, ways: [DEFAULT_WAY], seed: 1, concurrency: 4 };

describe('the figures', () => {
  test('macro F1 of a hand-counted table', () => {
    const answers = [
      { expected: 'a', got: 'a' },
      { expected: 'a', got: 'b' },
      { expected: 'b', got: 'b' },
      { expected: 'c', got: undefined },
    ];
    // a: 2·1/(2+1); b: 2·1/(1+2); c: 0.
    expect(macroF1(answers)).toBeCloseTo((2 / 3 + 2 / 3 + 0) / 3, 12);
    expect(macroF1([])).toBeUndefined();
  });

  test('what was not asked is absent, not 0', async () => {
    const report = await reportWith(saying(oracle), { tasks: ['intent'], limit: 16 });
    const [score] = report.rows[0]?.tasks ?? [];
    expect(score).not.toHaveProperty('marks.falseAccept');
    expect(score?.balancedAccuracy).toBeUndefined();
    expect(report.rows[0]?.tasks).toHaveLength(1);
  });

  test('the headline weighs tasks alike, whatever their number of cases, and lies in its interval', async () => {
    const half = saying((one, request) => (one.task === 'menu' ? 'no' : oracle(one, request)));
    const report = await reportWith(half, { tasks: ['intent', 'menu'], limit: 28 });
    const share = report.rows[0]?.usable;
    expect(share?.rate).toBeCloseTo(0.5, 10);
    expect(share?.ci95[0]).toBeLessThanOrEqual(0.5);
    expect(share?.ci95[1]).toBeGreaterThanOrEqual(0.5);
  });
});

describe('the controls', () => {
  test('are asked the very same cases, and none comes near an oracle', async () => {
    const tasks = ['intent', 'validate', 'menu', 'improve'] as const;
    const plan = { ...PLAN, tasks };
    const rows = await evaluateControls(plan, [answered(casesOf(plan))]);
    const report = reportOf(rows, { set: SET, tasks, seed: 1, startedAt: TODAY, interrupted: false });
    const of = (id: string, task: string) =>
      report.rows.find(({ model }) => model === id)?.tasks.find((score) => score.task === task);
    const outside = SET.cases.filter((one) => one.task === 'intent' && one.expected === 'unknown').length;
    expect(of('control: majority', 'intent')?.right.hits).toBe(outside);
    expect(of('control: majority', 'validate')?.modelBalancedAccuracy).toBe(0.5);
    const keyword = of('control: keyword', 'intent')?.right.rate ?? 0;
    expect(keyword).toBeGreaterThan(0.3);
    expect(keyword).toBeLessThan(0.7);
    expect(of('control: echo', 'intent')?.right.hits).toBe(0);
    expect(of('control: echo', 'improve')).toMatchObject({
      marks: { placeholdersKept: { rate: 1 }, changed: { hits: 0 } },
      usable: { hits: 0 },
    });
    // They are no models: nothing of theirs is listed, compared or judged by a gate.
    expect(report.answers).toEqual([]);
    expect(report.comparisons).toEqual([]);
    expect(failures(report, [{ task: 'intent', least: 1 }])).toEqual([]);
    // Only the echo was asked all four tasks.
    expect(report.rows.filter(({ usable }) => usable).map(({ model }) => model)).toEqual(['control: echo']);
  });
});

test('a control is asked what a model answered, and has no figure of what nobody was asked', async () => {
  const plan = { ...PLAN, tasks: ['intent', 'menu'] as const };
  const some = casesOf(plan)
    .filter(({ task }) => task === 'intent')
    .slice(0, 5);
  const rows = await evaluateControls(plan, [answered(some.slice(0, 2)), answered(some.slice(1))]);
  for (const { planned, answers } of rows) {
    expect(planned).toBe(5);
    expect(answers.map(({ id }) => id)).toEqual(some.map(({ id }) => id));
  }
  expect(rows).toHaveLength(3);
  expect(await evaluateControls(plan, [answered([])])).toEqual([]);
});

describe('pairs', () => {
  test('two rows are compared case by case: better, worse, or no difference', async () => {
    const engine = await startFakeEngine();
    const plan = { ...PLAN, tasks: ['intent'] as const, limit: 48 };
    const ask = async (id: string) =>
      evaluateModel({ id, baseUrl: engine.url, model: id }, plan, { signal: never });
    try {
      engine.answerWith(saying(oracle));
      const good = [...(await ask('good')), ...(await ask('as good'))];
      engine.answerWith(saying(() => '{"intent":"refund","entities":[]}'));
      const rows = [...good, ...(await ask('bad'))];
      const { comparisons } = reportOf(rows, {
        set: SET,
        tasks: plan.tasks,
        seed: 1,
        startedAt: TODAY,
        interrupted: false,
      });
      expect(comparisons.map(({ one, other, verdict }) => [one, other, verdict])).toEqual([
        ['good / schema', 'as good / schema', '~'],
        ['good / schema', 'bad / schema', 'better'],
        ['as good / schema', 'bad / schema', 'better'],
      ]);
      expect(comparisons[1]?.p).toBeLessThan(1e-9);
    } finally {
      await engine.close();
    }
  });
});

describe('the gate', () => {
  test('names every row that is below, and what was never asked', async () => {
    const report = await reportWith(saying(oracle), { tasks: ['intent'], limit: 16 });
    expect(
      failures(report, [
        { task: 'intent', least: 1 },
        { task: undefined, least: 0.99 },
      ]),
    ).toEqual([]);
    expect(failures(report, [{ task: 'menu', least: 0.1 }])).toMatchObject([{ task: 'menu', least: 0.1 }]);
    const bad = await reportWith(completion('no'), { tasks: ['intent'], limit: 16 });
    expect(failures(bad, [{ task: 'intent', least: 0.01 }])).toEqual([
      { model: 'fake', way: 'schema', task: 'intent', least: 0.01, got: 0 },
    ]);
  });
});

describe('JUnit', () => {
  test('is well-formed whatever was said, with a test for each question and the truth beside the mistake', async () => {
    const odd = saying(() => '{"intent":"refund","entities":[]}');
    const report = await reportWith(odd, { tasks: ['intent'], limit: 32 });
    const nasty: EvalReport = {
      ...report,
      answers: report.answers.map((one) => ({ ...one, model: 'a<b>&"c"\u0001\ud800', got: ']]>\n<x>' })),
    };
    const text = junitOf(nasty);
    expect(text).toContain('name="a&lt;b&gt;&amp;&quot;c&quot;\ufffd / schema / intent"');
    expect(text.match(/<testcase /g)).toHaveLength(32);
    const wrong = report.answers.filter(({ right }) => !right).length;
    expect(text.match(/<failure /g)).toHaveLength(wrong);
    expect(text).toMatch(/<testsuites tests="32" failures="\d+" errors="0">/);
    expect(text).toMatch(/message="expected \w+, got \]\]&gt;&#10;&lt;x&gt;"/);
    // Each opened element is closed, and nothing else is in it that XML forbids.
    expect(text.match(/<testsuite /g)?.length).toBe(text.match(/<\/testsuite>/g)?.length);
    expect([...text].every((c) => c === '\n' || c >= ' ')).toBe(true);
  });
});

describe('a run', () => {
  test('that is interrupted keeps what was answered, and says so', async () => {
    const engine = await startFakeEngine();
    const stop = new AbortController();
    engine.answerWith(saying(oracle));
    try {
      const rows = await evaluateModel(
        { id: 'm', baseUrl: engine.url, model: 'm' },
        { ...PLAN, tasks: ['intent'], concurrency: 1 },
        { signal: stop.signal, onAnswer: ({ done }) => done === 5 && stop.abort() },
      );
      const report = reportOf(rows, {
        ...{ set: SET, tasks: ['intent'], seed: 1, startedAt: TODAY },
        interrupted: true,
      });
      expect(report.answers).toHaveLength(5);
      expect(report.rows[0]?.partial).toBe(true);
    } finally {
      await engine.close();
    }
  });

  test('asks alike messages each for itself, and lists the answers in the order of the cases', async () => {
    const [one, other] = SET.cases.filter(({ task }) => task === 'intent');
    if (one?.task !== 'intent' || !other) throw new Error('the set has no messages');
    const twin = { ...one, id: 'twin' };
    let asked = 0;
    const slowFirst: Reply = (response, request) => {
      asked += 1;
      const delayMs = caseIdOf(String(request.headers['x-request-id'])) === one.id ? 200 : 0;
      return completion('{"intent":"unknown","entities":[]}', { delayMs })(response, request);
    };
    const set = { ...SET, cases: [one, other, twin] };
    const { answers } = await reportWith(slowFirst, { tasks: ['intent'], set, concurrency: 3 });
    expect(asked).toBe(3);
    const order = casesOf({ ...PLAN, set, tasks: ['intent'] }).map(({ id }) => id);
    expect(answers.map(({ id }) => id)).toEqual(order);
  });

  test('counts a call that fails among calls that do not as a failed case', async () => {
    let asked = 0;
    const hanging: Reply = (response, request) => {
      asked += 1;
      // The question and its one retry.
      return (asked === 3 || asked === 4 ? broken() : saying(oracle))(response, request);
    };
    const report = await reportWith(hanging, { tasks: ['intent'], limit: 16, concurrency: 1 });
    expect(report.rows[0]).toMatchObject({ partial: false, tasks: [{ n: 16, right: { hits: 15 } }] });
    expect(report.answers.filter(({ error }) => error === 'ENGINE_UNREACHABLE')).toHaveLength(1);
  });

  test('counts it also when it was the last question, as long as the engine lives', async () => {
    let asked = 0;
    const last: Reply = (response, request) => {
      asked += 1;
      return (asked > 3 ? broken() : saying(oracle))(response, request);
    };
    const report = await reportWith(last, { tasks: ['intent'], limit: 4, concurrency: 1 });
    expect(report.rows[0]).toMatchObject({ partial: false, tasks: [{ n: 4, right: { hits: 3 } }] });
  });

  test('of two questions that nobody hears is no figure of 0 %, either', async () => {
    const report = reportWith(broken(), { tasks: ['intent'], limit: 2, concurrency: 1 });
    await expect(report).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
  });

  test('without anybody to ask ends with the engine’s own error, and is no figure of 0 %', async () => {
    const report = reportWith(refuse(401), { tasks: ['intent'], concurrency: 1 });
    await expect(report).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  test('waits while the breaker is open after failures that are the engine’s own, and loses no answer to it', async () => {
    let asked = 0;
    const stumbling: Reply = (response, request) => {
      asked += 1;
      return (asked > 4 && asked < 16 ? refuse(500) : saying(oracle))(response, request);
    };
    const { answers } = await reportWith(stumbling, { tasks: ['intent'], limit: 16, concurrency: 1 });
    expect(answers).toHaveLength(16);
    expect(answers.filter(({ error }) => error === 'BREAKER_OPEN')).toEqual([]);
    expect(answers.at(-1)?.right).toBe(true);
  });

  test('that gives up asks nothing more, and tells of no answer that nobody gave', async () => {
    const engine = await startFakeEngine();
    // One question hangs until the client is closed; the refused ones give up before.
    engine.answerWith((response, request) =>
      engine.seen.length === 1 ? undefined : refuse(401)(response, request),
    );
    let told = 0;
    try {
      const plan = { ...PLAN, tasks: ['intent'] as const };
      const run = evaluateModel({ baseUrl: engine.url, model: 'm' }, plan, {
        signal: never,
        onAnswer: () => (told += 1),
      });
      await expect(run).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(told).toBeLessThan(3);
    } finally {
      await engine.close();
    }
  });
});

describe('the quality column of a benchmark', () => {
  test('says of the first answers how many were valid, and nothing when it was interrupted', async () => {
    const engine = await startFakeEngine();
    const target = { id: 'm', baseUrl: engine.url, model: 'm' };
    const asked = new Set<unknown>();
    engine.answerWith(
      saying((one, request) => {
        const isFirst = !asked.has(request.headers['x-request-id']);
        asked.add(request.headers['x-request-id']);
        return isFirst ? 'let me think' : oracle(one, request);
      }),
    );
    try {
      const quality = await qualityOf(target, { limit: 2, signal: never });
      expect(quality?.tasks.intent).toMatchObject({ accuracy: 1, schema_valid: 0, usable: 0 });
      const stop = new AbortController();
      const onAnswer = ({ done }: { done: number }) => done === 3 && stop.abort();
      expect(await qualityOf(target, { limit: 2, signal: stop.signal, onAnswer })).toBeUndefined();
    } finally {
      await engine.close();
    }
  });

  test('has the fields of its schema, each a share', async () => {
    const engine = await startFakeEngine();
    engine.answerWith(saying(oracle));
    try {
      const quality = await qualityOf(
        { id: 'm', baseUrl: engine.url, model: 'm' },
        { limit: 8, signal: never },
      );
      expect(quality).toMatchObject({ set: 'botllm/1', way: 'schema', n: 32, usable: { rate: 1, n: 32 } });
      expect(Object.keys(quality?.tasks ?? {}).sort()).toEqual(['improve', 'intent', 'menu', 'validate']);
      expect(quality?.tasks.intent).toMatchObject({
        accuracy: 1,
        macro_f1: 1,
        json_strict: 1,
        schema_valid: 1,
      });
      expect(quality?.tasks.improve).toMatchObject({ placeholder_ok: 1 });
      for (const figures of Object.values(quality?.tasks ?? {})) {
        for (const value of Object.values(figures)) expect(value).toBeGreaterThanOrEqual(0);
      }
    } finally {
      await engine.close();
    }
  });
});
