import { whyNotFitting } from '../bench/lifecycle/fit.js';
import type { MeasureSpec } from '../bench/measure.js';
import { foreseeModel } from '../models/foresee.js';
import { type ChosenModel, chooseModels } from './bench-choose.js';
import { benchMessages } from './bench-messages.js';
import type { BenchWish } from './bench-run.js';
import { loadText } from './bench-session.js';
import { modelContext } from './bring-up.js';
import type { Context } from './context.js';
import { namingSource } from './model-source.js';
import type { Outcome } from './output.js';
import { cell, table } from './table.js';

interface DryModel {
  name: string;
  how: 'served' | 'own' | 'fetched';
  /** Why it would be left out. */
  tooBig?: string;
}

/** `bench --dry-run`: which models, which loads, how much work; nothing is fetched, started or asked. */
export async function dryBench(ctx: Context, spec: MeasureSpec, wish: BenchWish): Promise<Outcome> {
  const models = await dryModels(ctx, wish);
  const levels = spec.loads.flatMap((load) =>
    spec.via.flatMap((via) =>
      spec.prefix.map((prefix) =>
        [loadText(load), via === 'engine' ? undefined : via, prefix === 'warm' ? prefix : undefined]
          .filter((part) => part !== undefined)
          .join(', '),
      ),
    ),
  );
  const measured = models.filter(({ tooBig }) => tooBig === undefined).length;
  const requests = measured * levels.length * spec.runs * spec.requestsPerRun;
  const { workload } = spec;
  const tokens = workload.kind === 'synthetic' ? requests * workload.outputTokens : undefined;
  const { reportId: _, ...config } = spec;
  return {
    schema: 'bench.plan',
    data: { dryRun: true, models, levels, requests, ...(tokens !== undefined && { tokens }), config },
    text: () =>
      [
        table(
          [...benchMessages.dryHead],
          models.map((model) => [cell(model.name), howText(model)]),
        ),
        benchMessages.dryLevels(levels),
        benchMessages.dryWork(requests, tokens),
      ].join('\n'),
  };
}

async function dryModels(ctx: Context, { models, request, contained }: BenchWish): Promise<DryModel[]> {
  const progress = ctx.out.progress();
  const missing: DryModel[] = [];
  // What is here is as it would be; what is not is only looked for.
  const chosen = await chooseModels(
    ctx,
    models,
    { progress, contained: contained !== undefined },
    async (ref) => {
      const quiet = { ...modelContext(ctx, progress), onAnnounce: undefined };
      const found = await namingSource({ ref }, () => foreseeModel(ref, quiet));
      if ('model' in found) return found.model;
      missing.push({ name: ref, how: 'fetched' });
      return undefined;
    },
  );
  const here = await Promise.all(chosen.map((one) => dryModel(one, request)));
  return [...here, ...missing];
}

async function dryModel(one: ChosenModel, { context, slots }: BenchWish['request']): Promise<DryModel> {
  if (one.kind === 'served') return { name: one.name ?? '', how: 'served' };
  // What a container takes is known when it is started: it may have to fetch the model itself.
  if (one.kind === 'contained') return { name: one.ref, how: 'own' };
  const why = await whyNotFitting(one.model, { context, slots });
  return { name: one.model.name, how: 'own', ...(why && { tooBig: why.message }) };
}

function howText({ how, tooBig }: DryModel): string {
  if (tooBig !== undefined) return benchMessages.dryTooBig(cell(tooBig));
  return { served: benchMessages.dryServed, own: benchMessages.dryOwn, fetched: benchMessages.dryMissing }[
    how
  ];
}
