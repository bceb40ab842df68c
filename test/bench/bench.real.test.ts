import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CapacityRecord } from '../../src/bench/capacity/keep.js';
import type { CapacityResult } from '../../src/bench/capacity/measure-capacity.js';
import type { Verification } from '../../src/bench/capacity/verify.js';
import { judge } from '../../src/bench/load/judged.js';
import { fromLines, RequestLine } from '../../src/bench/records/request-line.js';
import { BenchDocument, type BenchReport } from '../../src/bench/report/schema.js';
import { isGood } from '../../src/bench/trace/slo.js';
import { CATALOGUE, namedEntry } from '../../src/models/catalogue.js';
import { Operator, toRun } from '../support/cli.js';
import { realModel } from '../support/real-model.js';

let operator: Operator;
const standIn = namedEntry(CATALOGUE, CATALOGUE.standInAlias);
/** Short prompts and answers: shapes are tried here, and no speed. */
const TOKENS = 8;
const SMALL = [
  ...['--runs', '2', '--requests', '3', '--timeout', '120s'],
  ...['--pp', '64', '--tg', String(TOKENS)],
] as const;
// Ten requests take two or three seconds, however few users are carried; and a share of seventy percent is mostly
// told from ten, so that little is sent three times.
const capacity = ['--workload', 'synthetic', '--pp', '8', '--tg', '1', '--rate-per-user', '240/min'].concat([
  '--slo',
  'e2el:1000',
  '--good',
  '70',
  '--requests',
  '10',
  '--verify',
]);
const measure = async (...args: string[]) => toRun(await operator.start(args, { timeoutMs: 900_000 }));

type Kept = CapacityResult & CapacityRecord & { e2eMs: number };

/** The figures of a capacity are those of its single requests. */
async function countedAgain(
  { e2eMs, probes, loads, reportId, requestsFile, ...found }: Kept,
  folder: string,
) {
  const text = await readFile(path.join(folder, requestsFile), 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => RequestLine.parse(JSON.parse(line)));
  expect(new Set(lines.map(({ report }) => report))).toEqual(new Set([reportId]));
  const counted = loads.map((load, level) => {
    const judged = judge(fromLines(lines.filter((line) => line.level === level)));
    const good = judged.filter(({ metrics }) => isGood(metrics, { e2el: e2eMs })).length;
    return { ...load, attempted: judged.length, good };
  });
  expect(counted.flatMap((load) => (load.step === 'ladder' ? [load.atOnce] : []))).toEqual(
    found.model.ladder.map(({ atOnce }) => atOnce),
  );
  // Near the limit the same number of users is sent up to three times.
  const sum = (users: number, of: 'attempted' | 'good') =>
    counted.reduce((all, load) => (load.step === 'probe' && load.users === users ? all + load[of] : all), 0);
  for (const { users, attempted, good } of probes)
    expect([users, sum(users, 'attempted'), sum(users, 'good')]).toEqual([users, attempted, good]);
  const shares = (users = 0) =>
    counted.flatMap((load) =>
      load.step === 'verify' && load.users === users ? [load.good / load.attempted] : [],
    );
  const { carried, overloaded } = found.verification ?? {};
  expect([shares(carried?.users), shares(overloaded?.users)]).toEqual([
    carried?.shares ?? [],
    overloaded?.shares ?? [],
  ]);
}

beforeAll(async () => {
  operator = await Operator.create();
  const models = path.join(operator.env.BOTLLM_HOME ?? '', 'models');
  await mkdir(models, { recursive: true });
  await cp(realModel(), path.join(models, standIn.file));
});
afterAll(() => operator?.[Symbol.asyncDispose]());

test('without an engine nobody is carried: exit 3, and what to do', async () => {
  const { exitCode, stderr } = await operator.run('bench', 'capacity');
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('botllm up')]);
});

test('what cannot be meant is a usage error, before anything is measured', async () => {
  const wrong = [
    ['--concurrency', '0'],
    ['--concurrency', '1', '--request-rate', '2'],
    ['--workload', 'bot', '--pp', '100'],
    ['--goodput', 'e2e:5'],
    ['--via', 'wire'],
    ['-o', 'report.doc'],
    ['--save-detailed', '-o', 'report.html'],
    ['--max-regression', '10%'],
  ];
  for (const args of wrong)
    expect([args, (await operator.run('bench', ...args)).exitCode]).toEqual([args, 2]);
  for (const args of [['--slo', 'ttft:5'], ['-o', 'capacity.html'], ['-o', 'no/c.json'], ['--save-detailed']])
    expect([args, (await operator.run('bench', 'capacity', ...args)).exitCode]).toEqual([args, 2]);
});

describe('with an engine', () => {
  beforeAll(async () => {
    const up = await operator.run('up', '--model', standIn.alias);
    expect([up.exitCode, up.stderr]).toEqual([0, expect.any(String)]);
  });

  test('a served model is measured where it is, and the report holds to its schema', async () => {
    const folder = path.join(operator.home, 'small');
    const file = path.join(folder, 'report.json');
    const args = ['--concurrency', '1,2', '--goodput', 'e2el:60000', '-o', `${folder}/`, '--label', 'small'];
    const found = await measure('bench', ...SMALL, ...args, '--json');
    expect([found.exitCode, found.stderr]).toEqual([0, expect.any(String)]);
    const document = BenchDocument.parse(found.json());
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
    const report = document.data as BenchReport;
    const [target] = report.targets;
    expect(target).toMatchObject({ id: standIn.alias, engine: 'embedded', started: false, quant: 'Q4_1' });
    expect(target?.memory?.ram?.anon).toBeGreaterThan(1e6);
    expect(target?.results.map(({ load }) => load)).toEqual([
      { kind: 'closed', concurrency: 1 },
      { kind: 'closed', concurrency: 2 },
    ]);
    for (const { metrics, tokens, phase, goodput, errors, server_timings: server } of target?.results ?? []) {
      expect(phase.measured).toBe(6);
      expect([errors.total, goodput?.fraction]).toEqual([0, 1]);
      expect(tokens).toMatchObject({ source: 'usage', cache_verified: true });
      // The length of the prompts was learnt from the warm-up.
      expect(tokens.prompt_mean).toBeGreaterThan(64 * 0.8);
      expect(tokens.prompt_mean).toBeLessThan(64 * 1.25);
      expect(metrics.ttft_ms?.runs.length).toBe(2);
      expect(metrics.e2e_ms?.mean).toBeGreaterThan(metrics.ttft_ms?.mean ?? Number.POSITIVE_INFINITY);
      expect(server?.predicted_per_second).toBeGreaterThan(0);
    }
    expect(report.client.self_test?.ttft_add_ms.mean).toBeTypeOf('number');
    // Its requests lie beside it, and make the same figures again.
    const again = await operator.run('bench', 'analyse', folder, '--explain', '--json');
    const { same, requests, explain } = again.json().data as {
      same: boolean;
      requests: number;
      explain: unknown[];
    };
    expect([again.exitCode, same, requests > 12, explain.length]).toEqual([0, true, true, 2]);
    // Progress went before it, one JSON line each.
    const lines = found.stdout.trim().split('\n').slice(0, -1);
    expect(lines.every((line) => (JSON.parse(line) as { type: string }).type === 'progress')).toBe(true);
  });

  test("its own client's share is told apart, and the engine agrees about the tokens", async () => {
    const found = await measure('bench', ...SMALL, '--via', 'engine,client', '--no-self-test', '--json');
    const [target] = BenchDocument.parse(found.json()).data.targets;
    expect(target?.results.map(({ via, errors }) => [via, errors.total])).toEqual([
      ['engine', 0],
      ['client', 0],
    ]);
    const [plain, client] = target?.results ?? [];
    // Every prompt is another one, and a model may end its answer early.
    const means = [plain, client].map((one) => one?.tokens.out_mean ?? Number.NaN);
    for (const mean of means) expect(mean).toBeGreaterThan(0);
    expect(Math.max(...means)).toBeLessThanOrEqual(TOKENS);
  });

  test('levels take turns, cold and warm, followed by a second reader and held against a baseline', async () => {
    const [folder, news] = [path.join(operator.home, 'small'), path.join(operator.home, 'news.jsonl')];
    const dry = await operator.run('bench', ...SMALL, '--prefix-cache', 'both', '--dry-run', '--json');
    expect(dry.json().data).toMatchObject({
      ...{ dryRun: true, requests: 12, levels: ['1 at once', '1 at once, warm'] },
      models: [{ name: standIn.alias, how: 'served' }],
    });
    const turns = [
      '--prefix-cache',
      'both',
      '--interleave',
      '--no-self-test',
      '--extra-body',
      'temperature=0',
    ];
    const since = [
      '--baseline',
      `${folder}/report.json`,
      '--max-regression',
      '1000%',
      '--emit-progress',
      news,
    ];
    const found = await measure('bench', ...SMALL, ...turns, ...since, '--json');
    expect([found.exitCode, found.stderr]).toEqual([0, expect.any(String)]);
    const { comparison } = found.json().data;
    const [target] = BenchDocument.parse(found.json()).data.targets;
    expect(
      target?.results.map(({ prefix, phase, metrics }) => [
        prefix,
        phase.measured,
        metrics.e2e_ms?.runs.length,
      ]),
    ).toEqual([
      ['cold', 6, 2],
      ['warm', 6, 2],
    ]);
    // What was tried before: the engine tells of its cache, so no evidence is sought.
    expect(target?.capabilities).toMatchObject({ ignore_eos: expect.any(Boolean), cached_tokens: true });
    expect(target?.cache_probe).toBeUndefined();
    expect(comparison).toMatchObject({ regressions: 0, verdict: '~' });
    const lines = (await readFile(news, 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ type: 'over', ok: true, interrupted: false });
  });

  test('Ctrl-C ends it with what was measured until then', async () => {
    const child = operator.start([
      'bench',
      '--runs',
      '50',
      '--requests',
      '50',
      '--pp',
      '16',
      '--tg',
      '8',
      '--no-self-test',
      '--json',
    ]);
    // Stdout stays open: whoever leaves it early ends the command.
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (seen.includes('"done":3,')) return;
      seen += String(chunk);
      if (seen.includes('"done":3,')) child.kill('SIGINT');
    });
    const { exitCode, stdout } = await child;
    expect(exitCode).toBe(130);
    const report = BenchDocument.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).data;
    expect(report.interrupted).toBe(true);
    expect(report.targets[0]?.results[0]?.phase.measured).toBeGreaterThanOrEqual(3);
  });

  test('Ctrl-C leaves the numbers of users that were measured until then', async () => {
    // Few enough, and patient enough, for a busy machine: where nobody is carried, the first probe is the last.
    const patient = ['--rate-per-user', '30/min', '--slo', 'e2el:20000'];
    const child = operator.start(['bench', 'capacity', ...capacity, ...patient, '--json']);
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (seen.includes('"passed":')) return;
      seen += String(chunk);
      if (seen.includes('"passed":')) child.kill('SIGINT');
    });
    const { exitCode, stdout } = await child;
    expect(exitCode).toBe(130);
    const { data } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { data: CapacityResult };
    expect(data).toMatchObject({ interrupted: true, served: standIn.alias });
    expect(data.probes.length).toBeGreaterThanOrEqual(1);
    expect(data.verification).toBeUndefined();
  });

  test('the number of users is measured on both sides of its limit', { timeout: 900_000 }, async () => {
    const file = path.join(operator.home, 'capacity.json');
    const found = await measure('bench', 'capacity', ...capacity, '-o', file, '--save-detailed', '--json');
    const { data } = found.json();
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(found.json());
    await countedAgain(data as unknown as Kept, path.dirname(file));
    const again = await operator.run('bench', 'analyse', file, '--json');
    expect([again.exitCode, again.json().data]).toMatchObject([0, { same: true }]);
    const { users, tooMany, probes, verification } = data as unknown as CapacityResult;
    // A machine that others keep busy may carry nobody, or another number a minute later: that is said, too.
    const stands = users > 0 && verification?.held === true;
    expect([found.exitCode, found.stderr]).toEqual([stands ? 0 : 8, expect.any(String)]);
    if (users > 0) {
      const { carried, overloaded } = verification as Verification;
      expect([carried.users, carried.shares.length]).toEqual([users, overloaded.shares.length]);
      expect(overloaded.users).toBeGreaterThan(users);
      expect(stands).toBe(carried.verdict === 'kept' && overloaded.verdict === 'missed');
    }
    if (users > 0) expect(probes.some((probe) => probe.users === users && probe.passed)).toBe(true);
    if (tooMany !== undefined) {
      expect(tooMany).toBeGreaterThan(users);
      expect(probes.some((probe) => probe.users === tooMany && !probe.passed)).toBe(true);
    }
    expect(data).toMatchObject({ served: standIn.alias, e2eMs: 1000, limit: expect.any(String) });
  });
});
