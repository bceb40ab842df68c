import type { Threshold } from '../../eval/gate.js';
import type { Way } from '../../eval/ways/contract.js';
import type { CommandSpec } from '../define.js';
import { saveEval } from '../eval-files.js';
import { evalMessages } from '../eval-messages.js';
import { parseTask, parseThresholds, parseWays, waysOr } from '../eval-options.js';
import { describeEval } from '../eval-table.js';
import { runningTarget } from '../eval-target.js';
import { EXIT } from '../exit-codes.js';
import { parse } from '../parse.js';

interface Given {
  ways?: readonly Way[];
  limit?: number;
  seed?: number;
  concurrency?: number;
  failBelow?: readonly Threshold[];
  junit?: string;
  output?: string;
}

const SEED = 42;

export const evaluate: CommandSpec = {
  path: 'eval',
  summary: 'measure how right the model is: intents, validation, menus, placeholders, attacks',
  arguments: [{ name: '[task]', description: 'intent, validate, menu, improve or hostile (the first four)' }],
  options: [
    {
      flags: '--ways <a,b>',
      description: 'ways of asking: schema, turns, label, word, free, or all (schema)',
      parse: parseWays,
    },
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
  ],
  examples: [
    'botllm eval',
    'botllm eval intent --ways all --limit 100',
    'botllm eval --fail-below intent:0.7,improve:0.9 --junit eval.xml -o eval.json',
  ],
  handler: async (ctx, input) => {
    const tasks = parseTask(input.arguments[0]);
    const given = input.options as Given;
    const [{ evaluateControls, evaluateModel }, { reportOf }, { failures }, { ownSet }] = await Promise.all([
      import('../../eval/evaluate.js'),
      import('../../eval/report.js'),
      import('../../eval/gate.js'),
      import('../../eval/set/own-set.js'),
    ]);
    const { limit, seed = SEED, concurrency = 1 } = given;
    const plan = { set: await ownSet(), tasks, ways: waysOr(given.ways), limit, seed, concurrency };
    const target = await runningTarget(ctx);
    const startedAt = new Date();
    const progress = ctx.out.progress();
    const rows = await evaluateModel(target, plan, {
      signal: ctx.signal,
      onAnswer: ({ model, way, done, planned }) =>
        progress.step(evalMessages.progress(model, way, done, planned), done / planned),
    }).finally(() => progress.done());
    const controls = await evaluateControls(plan, new AbortController().signal);
    const report = reportOf([...rows, ...controls], {
      set: plan.set,
      seed,
      startedAt,
      interrupted: ctx.signal.aborted,
    });
    await saveEval(ctx, report, given);
    const below = failures(report, given.failBelow ?? []);
    if (report.interrupted) ctx.out.note(evalMessages.interrupted);
    else if (below.length > 0) ctx.out.explain(evalMessages.belowGate(below));
    return {
      schema: 'eval',
      data: { ...report, belowThreshold: below },
      text: (style) => describeEval(report, style),
      exitCode: below.length > 0 ? EXIT.gateFailed : EXIT.ok,
    };
  },
};
