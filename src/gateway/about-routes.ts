import type { LlmClient } from '../client/client.js';
import { unavailable, WireError } from '../openai-http/wire-error.js';
import { json, type Route } from './exchange.js';
import { MESSAGES } from './messages.js';

/** `GET /health`: the gateway itself is alive. Whether the engine is, too, is not asked. */
export const health: Route = async () => json({ status: 'ok' });

/** `GET /ready`: a request would be answered by the model now. 503 while it would not. */
export function ready(llm: LlmClient, isStopping: () => boolean): Route {
  return async () => {
    if (isStopping()) return json({ status: 'stopping' }, undefined, 503);
    const { state, model } = await llm.look();
    const status = state === 'ready' ? 'ready' : 'not ready';
    return json({ status, engine: state, model }, undefined, state === 'ready' ? 200 : 503);
  };
}

/** `GET /metrics`, for Prometheus. */
export function metrics(llm: LlmClient): Route {
  return async () => ({
    status: 200,
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    body: await llm.metricsText(),
  });
}

/** `GET /v1/models`: the one that the engine serves, under the name that replies carry. */
export function models(llm: LlmClient, since: number): Route {
  return async () => json({ object: 'list', data: [await servedModel(llm, since)] });
}

/** `GET /v1/models/<name>` */
export function modelByName(llm: LlmClient, since: number): Route {
  return async ({ path }) => {
    const model = await servedModel(llm, since);
    const asked = decoded(path.slice('/v1/models/'.length));
    if (asked === model.id) return json(model);
    throw new WireError(404, 'not_found_error', MESSAGES.unknownModel(asked, model.id), {
      extra: { code: 'model_not_found' },
    });
  };
}

async function servedModel(llm: LlmClient, created: number) {
  const { model } = await llm.look();
  if (model === null) throw unavailable(MESSAGES.noModel, 1);
  return { id: model, object: 'model', created, owned_by: 'botllm' };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
