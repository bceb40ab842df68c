import type { UpRequest } from '../engines/started-with.js';
import type { EngineState } from '../engines/state.js';
import { type UpContext, type UpEvent, type UpResult, up } from '../engines/up.js';
import { say } from '../language.js';
import type { ModelContext, ModelProgress } from '../models/context.js';
import { type EnsuredModel, ensureModel } from '../models/ensure.js';
import { makeHome } from '../settings/make-home.js';
import { prettySize } from '../size.js';
import type { Context } from './context.js';
import { lastLines } from './log-file.js';
import { prettyLogLine } from './log-line.js';
import { messages } from './messages.js';
import { namesOfModel } from './model-names.js';
import { type AskedModel, askedModel, namingSource } from './model-source.js';
import { asBotllmError } from './output.js';
import { withStore } from './store.js';

const DEFAULT_TIMEOUT_MS = 15 * 60_000;
const LOG_TAIL_LINES = 15;

/** `up` as commands do it: with news on stderr, NDJSON events, and the log's tail when it fails. */
export async function bringUp(ctx: Context, request: UpRequest, model?: EnsuredModel): Promise<UpResult> {
  const asked = askedModel(ctx, request.model);
  const port = request.port ?? ctx.settings.port;
  const result = await withEngineNews(ctx, asked, model, (engines) =>
    up({ ...request, model: asked.ref, port }, engines),
  );
  if (result.weightsReplaced) await forgetAnswers(ctx, result.state.model.name);
  return result;
}

/**
 * Runs what starts an engine's process, and tells what it does.
 * @param model the weights, where they were found already
 */
export async function withEngineNews<T>(
  ctx: Context,
  asked: AskedModel,
  model: EnsuredModel | undefined,
  work: (engines: UpContext) => Promise<T>,
): Promise<T> {
  const { out, layout, signal } = ctx;
  makeHome(layout.home);
  const progress = out.progress();
  const onEvent = (event: UpEvent) => {
    out.event(event);
    if (event.type === 'phase') progress.step(messages.phase[event.phase], event.progress);
    else {
      progress.done();
      out.note(event.type === 'waiting' ? messages.waitingForLock : messages.installingBinding(event.folder));
    }
  };
  try {
    return await work({
      layout,
      env: ctx.env,
      serverBin: ctx.settings.llamaServerBin,
      version: ctx.version,
      signal,
      timeoutMs: ctx.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      onEvent,
      ensureModel: async (ref) =>
        model ?? namingSource(asked, () => ensureModel(ref, modelContext(ctx, progress))),
    });
  } catch (thrown) {
    progress.done();
    const error = asBotllmError(thrown);
    if (!signal.aborted && (error.code === 'ENGINE_FAILED' || error.code === 'NOT_READY'))
      await showLogTail(ctx);
    throw thrown;
  } finally {
    progress.done();
  }
}

/** What starts an engine again with the very same weights, also a stand-in's, where it was. */
export function requestAsItWas({ startedWith, model, port }: EngineState): UpRequest {
  const { model: ref, ...rest } = startedWith;
  return { ...rest, model: model.standIn ? ref : model.path, port };
}

/** How this CLI fetches models: quietly for a machine, with a bar for a person. */
export function modelContext(ctx: Context, progress: ReturnType<Context['out']['progress']>): ModelContext {
  const { out, settings } = ctx;
  const { hfToken: withheld } = ctx.configuration.withheld;
  if (withheld !== undefined) out.note(withheld);
  return {
    modelsDir: ctx.layout.models,
    env: ctx.env,
    hfEndpoint: settings.hfEndpoint,
    hfToken: settings.hfToken,
    signal: ctx.signal,
    onAnnounce: ({ name, bytes, licence, from, entry }) => {
      progress.done();
      out.event({ type: 'download', model: name, bytes, licence: entry.licence.id, from });
      out.note(messages.fetching(name, prettySize(bytes), licence, from));
      if (entry.licence.note) out.note(`  ${say(entry.licence.note)}`);
    },
    onNotice: ({ code, text }) => {
      progress.done();
      out.event({ type: 'notice', code, text });
      out.note(text);
    },
    onProgress: (step: ModelProgress) => {
      const label = messages.modelPhase[step.phase];
      if (step.receivedBytes === undefined) progress.step(label);
      else progress.bytes(label, step.receivedBytes, step.totalBytes);
    },
  };
}

/** The answers of the weights that stood behind this name before are not this model's. */
export async function forgetAnswers(ctx: Context, model: string): Promise<void> {
  try {
    const { removed } = await withStore(ctx, (store) =>
      store.clearCache({ model: namesOfModel(model) }, { signal: ctx.signal }),
    );
    ctx.out.note(messages.cacheOfOldWeights(removed, model));
  } catch (thrown) {
    ctx.out.explain(asBotllmError(thrown));
  }
}

async function showLogTail({ out, layout }: Context): Promise<void> {
  try {
    const last = await lastLines(layout.engineLog, LOG_TAIL_LINES);
    out.note(`${messages.logTail}\n${last.map((line) => `  ${prettyLogLine(line)}`).join('\n')}`);
  } catch {
    // It failed before it wrote a line.
  }
}
