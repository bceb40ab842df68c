import { randomUUID } from 'node:crypto';
import type { CapacityNews } from '../../bench/capacity/measure-capacity.js';
import type { Slo } from '../../bench/trace/slo.js';
import { benchMessages } from '../bench-messages.js';
import { type BenchOptions, workloadOf } from '../bench-options.js';
import { servedModel } from '../bench-served.js';
import { type CapacityFileOptions, openCapacityFiles } from '../capacity-files.js';
import { onlyE2e } from '../capacity-slo.js';
import { capacityText } from '../capacity-text.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { EXIT } from '../exit-codes.js';
import { parse } from '../parse.js';
import type { Progress } from '../progress.js';

const PER_USER = 2 / 60;
const SLO_MS = 5_000;
const SHARE = 0.95;
const REQUESTS = 100;
const REPLAYS = 8;

export const benchCapacity: CommandSpec = {
  path: 'bench capacity',
  summary: 'how many users the engine carries within a time limit, measured at that number',
  options: [
    {
      flags: '--rate-per-user <n/time>',
      description: 'requests of one user, e.g. 2/min, 30/h (2/min)',
      parse: parse.perTime,
    },
    {
      flags: '--slo <limit>',
      description: 'what an answer must keep: e2el:<ms> (e2el:5000)',
      parse: parse.slo,
    },
    {
      flags: '--good <percent>',
      description: 'of the answers must keep it (95)',
      parse: parse.count(50, 99),
    },
    {
      flags: '--requests <n>',
      description: `of each probe; one near the limit is sent three times (${REQUESTS})`,
      parse: parse.count(10, 100_000),
    },
    {
      flags: '--workload <kind>',
      description: "the product's own prompts, or plain text (bot)",
      choices: ['synthetic', 'bot'],
    },
    {
      flags: '--task <name>',
      description: 'only this one of its prompts',
      choices: ['intent', 'validate', 'menu', 'improve'],
    },
    {
      flags: '--pp <tokens>',
      description: 'with synthetic: prompt of about so many tokens (256)',
      parse: parse.count(8, 1_000_000),
    },
    {
      flags: '--tg <tokens>',
      description: 'with synthetic: answer of at most so many tokens (64)',
      parse: parse.count(1, 100_000),
    },
    {
      flags: '--verify',
      description: `then send so many users, and a fifth more, ${REPLAYS} times each: the first must keep it, the others not; else exit 8`,
    },
    { flags: '--seed <n>', description: 'of texts and arrivals (42)', parse: parse.count(0, 2_147_483_647) },
    { flags: '-o, --output <file>', description: 'write the result there, too, as .json', parse: parse.name },
    { flags: '--save-detailed', description: 'keep every single request beside that file' },
  ],
  examples: [
    'botllm bench capacity --rate-per-user 2/min --slo e2el:5000',
    'botllm bench capacity --task intent --good 99',
    'botllm bench capacity --verify -o capacity.json',
  ],
  handler: async (ctx, { options }) => {
    const given = options as CapacityOptions;
    const e2eMs = onlyE2e(given.slo, 'botllm bench capacity --slo e2el:5000') ?? SLO_MS;
    const reportId = randomUUID().slice(0, 8);
    const files = await openCapacityFiles(ctx, given, reportId);
    const { served, facts, engine } = await servedModel(ctx);
    const [{ startInstrument }, { measureCapacity }] = await Promise.all([
      import('../../bench/load/instrument.js'),
      import('../../bench/capacity/measure-capacity.js'),
    ]);
    const perUser = given.ratePerUser ?? PER_USER;
    const spec = {
      perUser,
      target: { e2eMs, share: (given.good ?? SHARE * 100) / 100 },
      workload: workloadOf({ ...given, workload: given.workload ?? 'bot' }, given.task),
      requests: given.requests ?? REQUESTS,
      slots: facts.slots ?? engine.slots,
      seed: given.seed ?? 42,
      reportId,
      replays: given.verify ? REPLAYS : undefined,
    };
    await using instrument = await startInstrument();
    const progress = ctx.out.progress();
    try {
      const { onLoad } = files;
      const watch = { signal: ctx.signal, onNews: tell(ctx, progress), onLoad };
      const found = await measureCapacity(instrument, served, spec, watch);
      progress.done();
      const data = await files.keep({
        served: served.model,
        endpoint: served.root,
        perUser,
        ...spec.target,
        workload: spec.workload,
        ...found,
      });
      const isGood = found.users > 0 && found.verification?.held !== false;
      return {
        schema: 'bench.capacity',
        data,
        text: () => capacityText(found, { perUser, ...spec.target }),
        exitCode: isGood ? EXIT.ok : EXIT.gateFailed,
      };
    } finally {
      progress.done();
    }
  },
};

interface CapacityOptions extends BenchOptions, CapacityFileOptions {
  ratePerUser?: number;
  slo?: Slo;
  good?: number;
  task?: 'intent';
  verify?: boolean;
}

function tell(ctx: Context, progress: Progress): (news: CapacityNews) => void {
  return (news) => {
    ctx.out.event({ type: 'progress', ...news });
    if (news.step === 'ladder') progress.step(benchMessages.climbing(news.atOnce));
    else if (news.step === 'probe') progress.step(benchMessages.probing(news.users), news.done / news.total);
    else progress.step(benchMessages.verifying(news), (news.at - 1 + news.done / news.total) / news.of);
  };
}
