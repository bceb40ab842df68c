import { type DryRun, type DryRunContext, type DryStart, dryRun } from '../engines/dry-run.js';
import { messages as engineMessages } from '../engines/messages.js';
import type { UpRequest } from '../engines/started-with.js';
import { type ForeseenDownload, foreseeModel } from '../models/foresee.js';
import type { ModelLicence } from '../models/licences.js';
import { prettySize } from '../size.js';
import { modelContext } from './bring-up.js';
import type { Context } from './context.js';
import { messages } from './messages.js';
import { type AskedModel, askedModel, namingSource } from './model-source.js';
import type { Outcome } from './output.js';
import { fields, type Style } from './style.js';
import { whyThis } from './why-engine.js';

/** `up --dry-run`: what would be fetched, taken and run; it changes nothing. */
export async function dryUp(ctx: Context, request: UpRequest): Promise<Outcome> {
  const asked = askedModel(ctx, request.model);
  const port = request.port ?? ctx.settings.port;
  const plan = await dryRun({ ...request, model: asked.ref, port }, dryContext(ctx, asked));
  return 'running' in plan ? alreadyUp(plan) : wouldStart(plan);
}

/** What looks at everything and changes nothing. */
export function dryContext(ctx: Context, asked: AskedModel): DryRunContext {
  const { layout, env, settings, signal, out } = ctx;
  const progress = out.progress();
  return {
    ...{ layout, env, signal, serverBin: settings.llamaServerBin },
    foreseeModel: (ref) =>
      namingSource(asked, () => foreseeModel(ref, { ...modelContext(ctx, progress), onAnnounce: undefined })),
  };
}

function alreadyUp({ running }: Extract<DryRun, { running: unknown }>): Outcome {
  const { engine, endpoint, pid, model } = running;
  return {
    schema: 'up',
    data: { dryRun: true, alreadyRunning: true, engine, endpoint, pid, model: model.name, downloads: [] },
    text: () => messages.alreadyUp(model.name, endpoint),
  };
}

function wouldStart({ choice, model, shape, endpoint, preview, inTheWay }: DryStart): Outcome {
  const { command, args, env, memory, binding } = preview;
  const why = whyThis(choice.engine, choice);
  const download = 'download' in model ? describeDownload(model) : undefined;
  const downloads = [
    ...(download ? [download] : []),
    ...(binding === undefined ? [] : [{ what: 'llama.cpp', to: binding, approxBytes: BINDING_BYTES }]),
  ];
  const data = {
    ...{ dryRun: true, alreadyRunning: false, engine: choice.engine, why, endpoint },
    model: shape.name,
    path: shape.path,
    ...{ downloads, memory, command, args, env },
    ...(inTheWay && { inTheWay: inTheWayOf(inTheWay) }),
  };
  const text = (style: Style) =>
    [
      messages.dryUp(shape.name),
      ...(inTheWay ? [messages.dryInTheWay(inTheWay.running.model.name, inTheWay.differences)] : []),
      fields(
        [
          ['engine', why],
          ['endpoint', endpoint],
          ['model', shape.path],
          ['fetch', download && messages.dryFetch(sizeOf(download), download.licence.name, download.from)],
          ...(download?.notes ?? []).map((note) => ['note', note] as const),
          ['fetch', binding && messages.installingBinding(binding)],
          ['memory', memory && engineMessages.memorySum(memory)],
          ['command', [command, ...args].join(' ')],
          [
            'with',
            Object.entries(env)
              .map(([name, value]) => `${name}=${value}`)
              .join(' ') || undefined,
          ],
        ],
        style,
      ),
    ].join('\n');
  return { schema: 'up', data, text };
}

function inTheWayOf({ running, differences }: NonNullable<DryStart['inTheWay']>) {
  const { engine, endpoint, pid, model } = running;
  return { engine, endpoint, pid, model: model.name, differences };
}

/** The binding and the one binary of a platform, as npm installs them. */
const BINDING_BYTES = 85_000_000;

function describeDownload({ download, heldBytes, entry }: ForeseenDownload) {
  const { target, place } = download;
  const { bytes, licence, source: from } = target;
  const approxBytes = bytes === undefined ? entry?.approxBytes : undefined;
  return {
    what: 'model',
    ...{ from: place.kind === 'http' ? place.url : from, bytes, approxBytes, heldBytes, licence },
    notes: notesOf(licence),
  };
}

function notesOf({ commercial, gated, note }: ModelLicence): string[] {
  const words = [
    commercial === false && messages.modelsNotCommercial,
    gated === true && note === undefined && messages.modelsGatedWord,
    note,
  ];
  return words.filter((word) => typeof word === 'string');
}

function sizeOf({
  bytes,
  approxBytes,
}: {
  bytes?: number | undefined;
  approxBytes?: number | undefined;
}): string {
  if (bytes !== undefined) return prettySize(bytes);
  return approxBytes === undefined ? messages.modelsUnknown : messages.modelsAbout(prettySize(approxBytes));
}
