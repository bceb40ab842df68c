import { describe, expect, test } from 'vitest';
import type { ServedFacts } from '../../src/bench/report/schema.js';
import { describeEval } from '../../src/cli/eval-table.js';
import { createStyle } from '../../src/cli/style.js';
import { BotllmError } from '../../src/errors.js';
import type { GradedAnswer } from '../../src/eval/answers.js';
import { compareRows } from '../../src/eval/compare.js';
import { failures } from '../../src/eval/gate.js';
import { headline } from '../../src/eval/headline.js';
import { junitOf } from '../../src/eval/junit.js';
import { share } from '../../src/eval/proportion.js';
import { type Asked, reportOf } from '../../src/eval/report.js';
import { macroF1, scoreTask } from '../../src/eval/score.js';
import type { TaskName } from '../../src/eval/set/cases.js';
import { TODAY } from '../../src/eval/set/validate-cases.js';
import { SET } from './engines.js';

/** Answers of one task, right (`+`) and wrong (`-`), with ids of their own from 1 on. */
function answers(task: TaskName, pattern: string, change: Partial<GradedAnswer> = {}): GradedAnswer[] {
  return [...pattern].map((sign, at) => ({
    ...{ id: String(at + 1), task, right: sign === '+', usable: sign === '+', marks: {}, raw: [] },
    ...{ source: 'model', attempts: 1, latencyMs: 1500, ...change },
  }));
}

function row(way: string, ...lists: GradedAnswer[][]): Asked {
  const all = lists.flat();
  return { model: 'm', way, control: false, planned: all.length, answers: all };
}

const report = (...rows: Asked[]) => {
  const tasks = [...new Set(rows.flatMap(({ answers: all }) => all.map(({ task }) => task)))];
  return reportOf(rows, { set: SET, tasks, seed: 1, startedAt: TODAY, interrupted: false });
};

describe('a pair of rows', () => {
  test('is counted by hand: only what one alone got right tells them apart', () => {
    const one = row('a', answers('intent', '++++++++--'));
    const other = row('b', answers('intent', '+-------+-'));
    // 7 against 1: 2 · (1 + 8) ÷ 2⁸.
    expect(compareRows([one, other])).toEqual([
      {
        ...{ task: 'intent', one: 'm / a', other: 'm / b', n: 10, onlyOne: 7, onlyOther: 1 },
        ...{ p: expect.closeTo(18 / 256, 12), verdict: '~' },
      },
    ]);
  });

  test('is called better or worse from its own side, when chance alone would do it less than once in twenty', () => {
    const [good, bad] = [row('a', answers('intent', '++++++')), row('b', answers('intent', '------'))];
    expect(compareRows([good, bad])).toMatchObject([{ verdict: 'better', p: expect.closeTo(2 / 64, 12) }]);
    expect(compareRows([bad, good])).toMatchObject([{ verdict: 'worse', p: expect.closeTo(2 / 64, 12) }]);
  });

  test('is compared task by task, on the cases that both answered', () => {
    const one = row('a', answers('intent', '++'), answers('menu', '--'));
    const other = row('b', answers('intent', '-'), answers('menu', '+-+'));
    expect(compareRows([one, other])).toMatchObject([
      { task: 'intent', n: 1, onlyOne: 1, onlyOther: 0 },
      { task: 'menu', n: 2, onlyOne: 0, onlyOther: 1 },
    ]);
  });
});

describe('the gate', () => {
  const half = report(row('schema', answers('intent', '+-'), answers('menu', '+-')));

  test('takes what is just reached, of a task and of the headline alike', () => {
    expect(
      failures(half, [
        { task: undefined, least: 0.5 },
        { task: 'menu', least: 0.5 },
      ]),
    ).toEqual([]);
    expect(failures(half, [{ task: undefined, least: 0.51 }])).toMatchObject([{ task: 'usable', got: 0.5 }]);
  });

  test('does not ask of a way what that way is never asked', () => {
    const two = report(
      row('schema', answers('intent', '+'), answers('menu', '+')),
      row('word', answers('intent', '-')),
    );
    expect(failures(two, [{ task: 'menu', least: 1 }])).toEqual([]);
    expect(failures(two, [{ task: 'intent', least: 1 }])).toMatchObject([{ way: 'word', got: 0 }]);
  });

  test('does not pass a row without a headline, because it lacks a task', () => {
    const two = report(
      row('schema', answers('intent', '+'), answers('menu', '+')),
      row('word', answers('intent', '+')),
    );
    expect(failures(two, [{ task: undefined, least: 0.1 }])).toEqual([
      { model: 'm', way: 'word', task: 'usable', least: 0.1, got: undefined },
    ]);
  });
});

describe('what answered, and on which machine', () => {
  const client = { node: '24.1.0', os: 'Linux 6 x64', cpu: 'A <fast> one', cores: 2, memory_bytes: 8e9 };
  const served: ServedFacts = {
    ...{
      id: 'm',
      model: 'm-served',
      engine: 'compose',
      family: 'llamacpp',
      image: 'llama:1',
      quant: 'Q4_K_M',
    },
    ...{ weights_bytes: 2.39e9, parameters: 3.82e9, ctx: 4096, slots: 2, base_url: 'http://127.0.0.1:1' },
    ...{ started: false, hw: { device: 'gpu', gpu: ['NVIDIA L4'] } },
  };
  const asked = row('schema', answers('intent', '+'));
  const from = (...targets: ServedFacts[]) =>
    reportOf([asked], {
      ...{ set: SET, tasks: ['intent'], seed: 1, startedAt: TODAY, interrupted: false },
      origin: { botllm: { version: '1.2.3' }, client, targets },
    });
  const style = createStyle({ color: false, ascii: false });

  test('stands in the report as it was told, and in words below the tables', () => {
    const found = from(served);
    expect(found).toMatchObject({ botllm: { version: '1.2.3' }, client, targets: [served] });
    expect(describeEval(found, style)).toContain(
      [
        'm: compose llamacpp, llama:1, m-served, 3.8B, Q4_K_M, 2.39 GB, context 4096, 2 slots, NVIDIA L4, http://127.0.0.1:1',
        'A <fast> one, 2 cores, 8.00 GB, Linux 6 x64, Node 24.1.0, botllm 1.2.3',
      ].join('\n'),
    );
  });

  test('are properties of a JUnit suite', () => {
    const text = junitOf(from(served));
    for (const [name, value] of [
      ['botllm', '1.2.3'],
      ['engine', 'compose'],
      ['quant', 'Q4_K_M'],
      ['weights_bytes', '2390000000'],
      ['hw.device', 'gpu'],
      ['hw.gpu', 'NVIDIA L4'],
      ['client.cpu', 'A &lt;fast&gt; one'],
      ['client.memory_bytes', '8000000000'],
    ]) {
      expect(text).toContain(`<property name="${name}" value="${value}"/>`);
    }
    expect(text).toMatch(/<testsuite [^>]*>\n<properties>\n[\s\S]*<\/properties>\n<testcase /);
  });

  test('are absent where nobody said, and in reports of before', () => {
    const unsaid = from();
    expect(junitOf(unsaid)).not.toContain('name="engine"');
    expect(describeEval(unsaid, style)).toContain('2 cores');
    const before = report(asked);
    expect(Object.keys(before)).not.toContain('client');
    expect(junitOf(before)).not.toContain('<properties>');
    expect(describeEval(before, style)).not.toContain('cores');
  });
});

describe('a row that ended early', () => {
  const whole = row('schema', answers('intent', '++++'));
  const failed = new BotllmError('ENGINE_UNREACHABLE', 'm does not answer any more');
  const cut = { ...row('word', answers('intent', '+-')), planned: 4, failed };

  test('is an error in JUnit, with the reason and the count, so that no build is green by the questions it missed', () => {
    const text = junitOf(report(whole, cut));
    expect(text).toContain('<testsuites tests="7" failures="1" errors="1">');
    expect(text).toContain('<error type="ENGINE_UNREACHABLE" message="m does not answer any more: 2 of 4');
    expect(junitOf(report({ ...cut, failed: undefined }))).toContain('type="INTERRUPTED"');
  });

  test('is told from a whole one for people, and compared on the cases that it was asked', () => {
    const found = report(whole, cut);
    expect(found.comparisons).toMatchObject([{ n: 2 }]);
    const text = describeEval(found, createStyle({ color: false, ascii: false }));
    expect(text).toMatch(/m \/ word +\(ended early\) +2/);
    expect(text).toContain('m / word ended early (ENGINE_UNREACHABLE): 2 of 4 questions were answered');
    expect(text).not.toContain('m / schema ended');
  });

  test('is not judged by the gate: what ended it fails the command', () => {
    const threshold = [{ task: 'intent', least: 0.9 }] as const;
    expect(failures(report(whole, cut), threshold)).toEqual([]);
    expect(failures(report(whole, { ...cut, planned: 2 }), threshold)).toMatchObject([{ way: 'word' }]);
  });

  test('has no headline while a task that was to be asked is not in it', () => {
    const frame = { set: SET, seed: 1, startedAt: TODAY, interrupted: true };
    const [only] = reportOf([cut], { ...frame, tasks: ['intent', 'menu'] }).rows;
    expect(only).not.toHaveProperty('usable');
    expect(only).toMatchObject({ partial: true, planned: 4, failed: { code: 'ENGINE_UNREACHABLE' } });
  });
});

test('JUnit counts the failures of a suite and of all, in seconds', () => {
  const text = junitOf(report(row('schema', answers('intent', '++-'), answers('menu', '+---'))));
  expect(text).toContain('<testsuites tests="7" failures="4" errors="0">');
  expect(text).toMatch(/name="m \/ schema \/ intent" tests="3" failures="1" .* time="4.500"/);
  expect(text).toMatch(/name="m \/ schema \/ menu" tests="4" failures="3" .* time="6.000"/);
  expect(text).toContain('name="1" time="1.500"/>');
});

describe('figures by hand', () => {
  test('a share leaves out what has no answer, and of nothing there is none', () => {
    expect(share([true, undefined, false, undefined])).toMatchObject({ hits: 1, n: 2, rate: 0.5 });
    expect(share([undefined])).toBeUndefined();
  });

  test('a label that was only ever said in error counts in F1', () => {
    expect(macroF1([{ expected: 'a', got: 'b' }])).toBe(0);
    expect(
      macroF1([
        { expected: 'a', got: 'a' },
        { expected: 'a', got: 'c' },
      ]),
    ).toBeCloseTo(2 / 3 / 2, 12);
  });

  test('the median of an even number lies between the two in the middle', () => {
    const times = [1, 2, 4, 100].flatMap((latencyMs) => answers('menu', '+', { latencyMs }));
    expect(scoreTask('menu', times)?.medianMs).toBe(3);
    expect(scoreTask('menu', times.slice(0, 3))?.medianMs).toBe(2);
  });

  test('a language has the figures of its own answers', () => {
    const both = [...answers('menu', '++-', { lang: 'ru' }), ...answers('menu', '-', { lang: 'en' })];
    expect(scoreTask('menu', both)?.byLang).toMatchObject({ ru: { hits: 2, n: 3 }, en: { hits: 0, n: 1 } });
  });

  test('the headline weighs tasks alike, in an interval that chance would leave one time in twenty', () => {
    const mixed = [...answers('intent', '+'.repeat(90) + '-'.repeat(10)), ...answers('menu', '+---')];
    const found = headline(mixed, 1);
    expect(found?.rate).toBeCloseTo((0.9 + 0.25) / 2, 12);
    // By hand: the variances of the two shares, added and halved as their mean is.
    const error = Math.sqrt((0.9 * 0.1) / 100 + (0.25 * 0.75) / 4) / 2;
    const [low, high] = found?.ci95 ?? [0, 0];
    expect((high - low) / (2 * 1.96 * error)).toBeGreaterThan(0.8);
    expect((high - low) / (2 * 1.96 * error)).toBeLessThan(1.2);
  });

  test('a report names the tasks that were asked, and a row has their scores alone', () => {
    const { tasks, rows } = report(row('schema', answers('menu', '+'), answers('intent', '-')));
    expect(tasks).toEqual(['intent', 'menu']);
    expect(rows[0]?.tasks.map(({ task }) => task)).toEqual(['intent', 'menu']);
  });

  test('a row with fewer answers than were planned is partial', () => {
    const whole = row('schema', answers('intent', '++'));
    expect(report(whole, { ...whole, planned: 3 }).rows.map(({ partial }) => partial)).toEqual([false, true]);
  });
});
