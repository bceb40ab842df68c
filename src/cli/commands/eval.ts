import type { Threshold } from '../../eval/gate.js';
import type { Way } from '../../eval/ways/contract.js';
import { DEFAULT_WAY } from '../../eval/ways/list.js';
import type { CommandSpec } from '../define.js';
import { requireEvalPlaces, saveEval } from '../eval-files.js';
import { evalMessages } from '../eval-messages.js';
import { measureModels } from '../eval-models.js';
import { type DataSource, parseData, parseTask, parseThresholds, parseWays } from '../eval-options.js';
import { earlierReport } from '../eval-resume.js';
import { describeEval } from '../eval-table.js';
import { EXIT, exitCodeOf } from '../exit-codes.js';
import { parse } from '../parse.js';

interface Given {
  model?: string;
  models?: readonly string[];
  stopRunning?: boolean;
  ways?: readonly Way[];
  data?: DataSource;
  labels?: number;
  limit?: number;
  seed?: number;
  concurrency?: number;
  failBelow?: readonly Threshold[];
  junit?: string;
  output?: string;
  resume?: boolean;
}

const SEED = 42;

export const evaluate: CommandSpec = {
  path: 'eval',
  summary: 'measure how right a model is: intents, validation, menus, placeholders, attacks',
  arguments: [{ name: '[task]', description: 'intent, validate, menu, improve or hostile (the first four)' }],
  options: [
    {
      flags: '--model <ref>',
      description: 'this model instead of the one that runs',
      parse: parse.name,
      values: 'models',
    },
    {
      flags: '--models <a,b>',
      description: 'each in turn, on a port of its own; name@url is one that runs elsewhere',
      parse: parse.list,
    },
    { flags: '--stop-running', description: 'stop the running engine meanwhile, and start it again after' },
    {
      flags: '--ways <a,b>',
      description: 'ways of asking: schema, turns, label, word, free, or all (schema)',
      parse: parseWays,
    },
    {
      flags: '--data <kind:path>',
      description: 'other messages: massive, banking77, clinc150, snips or jsonl',
      parse: parseData,
    },
    { flags: '--labels <n>', description: 'labels drawn from such a set (12)', parse: parse.count(2, 200) },
    {
      flags: '--limit <n>',
      description: 'at most so many questions of each task',
      parse: parse.count(1, 100_000),
    },
    {
      flags: '--seed <n>',
      description: `decides which come first (${SEED})`,
      parse: parse.count(0, 2 ** 31),
    },
    { flags: '--concurrency <n>', description: 'questions in flight (1)', parse: parse.count(1, 64) },
    {
      flags: '--fail-below <share>',
      description: 'exit with 8 below it: 0.6, or intent:0.7,improve:0.9',
      parse: parseThresholds,
    },
    { flags: '--junit <file>', description: 'write every answer as a JUnit test', parse: parse.name },
    { flags: '-o, --output <file>', description: 'write the JSON report', parse: parse.name },
    {
      flags: '--resume',
      description: 'go on with the report that -o names: ask only what it has no answer to',
    },
  ],
  examples: [
    'botllm eval',
    'botllm eval intent --ways all --limit 100',
    'botllm eval --models qwen3-1.7b,gemma-3-1b --fail-below intent:0.7,improve:0.9 --junit eval.xml -o eval.json',
    'botllm eval --model qwen3-1.7b -o eval.json --resume',
    'botllm eval intent --data massive:1.1/data/ru-RU.jsonl --labels 12',
  ],
  // A report is for other programs and other people.
  forOthers: ({ output }) => output !== undefined,
  handler: async (ctx, input) => {
    const given = input.options as Given;
    const tasks = parseTask(input.arguments[0], given.data !== undefined);
    if (given.model !== undefined && given.models !== undefined) throw evalMessages.modelsAndModel();
    const [
      { evaluateControls },
      { reportOf },
      { keptRows, keptTargets, resumedFacts },
      { failures },
      { machineFacts },
      { setFor },
    ] = await Promise.all([
      import('../../eval/evaluate.js'),
      import('../../eval/report.js'),
      import('../../eval/resume.js'),
      import('../../eval/gate.js'),
      import('../../bench/client-facts.js'),
      import('../eval-set.js'),
    ]);
    const { limit, seed = SEED, concurrency = 1 } = given;
    const set = await setFor(ctx, given.data, { labels: given.labels, seed });
    const ways = given.ways ?? [DEFAULT_WAY];
    const plan = { set, tasks, ways, limit, seed, concurrency, deadlineMs: ctx.timeoutMs };
    await requireEvalPlaces(ctx, given);
    const earlier = await earlierReport(ctx, given, plan);
    const startedAt = new Date();
    const { rows, targets, failed } = await measureModels(
      ctx,
      given.models ?? (given.model === undefined ? [] : [given.model]),
      { plan, stopRunning: given.stopRunning ?? false, earlier },
    );
    if (earlier) rows.unshift(...keptRows(earlier, rows));
    if (earlier) targets.unshift(...keptTargets(earlier, targets));
    const controls = await evaluateControls(plan, rows);
    const report = {
      ...reportOf([...rows, ...controls], {
        ...{ set, tasks, seed, startedAt, asking: { concurrency, deadlineMs: ctx.timeoutMs } },
        interrupted: ctx.signal.aborted,
        origin: { botllm: { version: ctx.version }, client: machineFacts(), targets },
      }),
      ...(earlier && resumedFacts(earlier, startedAt)),
    };
    const below = failures(report, given.failBelow ?? []);
    const data = { ...report, belowThreshold: below, failed };
    const unsaved = await saveEval(ctx, data, given);
    if (unsaved) ctx.out.explain(unsaved);
    if (report.interrupted) {
      ctx.out.note(evalMessages.interrupted);
      if (given.output !== undefined && !unsaved) ctx.out.note(evalMessages.goOn(given.output));
    } else if (below.length > 0) ctx.out.explain(evalMessages.belowGate(below));
    const broken = failed[0]?.error ?? unsaved;
    return {
      schema: 'eval',
      data,
      text: (style) => describeEval(report, style),
      exitCode: broken ? exitCodeOf(broken.code) : below.length > 0 ? EXIT.gateFailed : EXIT.ok,
    };
  },
};
