import type { Hono } from 'hono';
import { readJsonBody } from '../../../openai-http/body.js';
import { wireMessages } from '../../../openai-http/messages.js';
import {
  ApplyTemplateRequest,
  ChatCompletionRequest,
  CompletionRequest,
  parseRequest,
  TokenizeRequest,
} from '../../../openai-http/request-schemas.js';
import { createWireApp, type WireEnv } from '../../../openai-http/wire-app.js';
import { invalidRequest, WireError } from '../../../openai-http/wire-error.js';
import type { EngineJob } from '../job.js';
import { engineMessages } from '../messages.js';
import type { Activity } from './activity.js';
import { answerCompletion, type CompletionDeps } from './completion-handler.js';
import { promptTokens } from './prompt-tokens.js';
import type { Readiness, Serving } from './readiness.js';
import { chatShape, type ShapeOptions, textShape } from './reply-shapes.js';

export interface RouteDeps extends CompletionDeps {
  job: EngineJob;
  readiness: Readiness;
  activity: Activity;
}

/** Every route of the engine. */
export function createEngineApp(deps: RouteDeps): Hono<WireEnv> {
  const { job, readiness, activity, metrics, log } = deps;
  const app = createWireApp({
    extraHosts: [job.host],
    onUnexpected: (error, requestId) =>
      log('error', 'unexpected', { requestId, reason: error instanceof Error ? error.stack : String(error) }),
  });
  const created = Math.floor(Date.now() / 1000);

  for (const path of ['/health', '/v1/health']) {
    app.get(path, (c) => {
      const health = readiness.health();
      if (readiness.isReady) return c.json(health);
      const message =
        health.status === 'stopping' ? engineMessages.stopping : engineMessages.loading(health.phase);
      const { error } = new WireError(503, 'unavailable_error', message).body();
      return c.json({ ...health, error }, 503);
    });
  }

  app.get('/metrics', async (c) =>
    c.text(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
  );

  app.get('/v1/models', (c) => {
    const { loaded, engine } = readiness.require();
    const meta = {
      n_ctx_train: loaded.model.trainContextSize,
      n_ctx: engine.contextTokens,
      n_params: loaded.insights.totalParameters,
      size: loaded.model.size,
    };
    return c.json({
      object: 'list',
      data: [{ id: job.model.name, object: 'model', created, owned_by: 'botllm', meta }],
    });
  });

  const shapeOptions = (withLogprobs: boolean): ShapeOptions => ({
    model: job.model.name,
    created: Math.floor(Date.now() / 1000),
    withLogprobs,
  });

  const asked = async <T>(
    env: WireEnv['Bindings'],
    answer: (serving: Serving, body: unknown) => Promise<T>,
  ): Promise<T> => {
    const serving = readiness.require();
    // In flight until the last byte is out, so that a stop does not cut the tail of an answer.
    env.outgoing.once('close', activity.begin());
    return await answer(serving, await readJsonBody(env.incoming));
  };

  app.post('/v1/chat/completions', (c) =>
    asked(c.env, async (serving, body) => {
      const request = parseRequest(ChatCompletionRequest, body);
      if (request.top_logprobs != null && !request.logprobs) {
        throw invalidRequest(wireMessages.topLogprobsAlone, 'top_logprobs');
      }
      const withLogprobs = request.logprobs === true;
      const ask = {
        serving,
        request,
        prompt: serving.chat.render(request.messages),
        maxTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
        topLogprobs: withLogprobs ? (request.top_logprobs ?? 0) : null,
        dropThought: !job.model.thinking,
        ends: serving.chat.stops,
        shape: chatShape(shapeOptions(withLogprobs)),
      };
      return await answerCompletion(c, ask, deps);
    }),
  );

  app.post('/v1/completions', (c) =>
    asked(c.env, async (serving, body) => {
      const request = parseRequest(CompletionRequest, body);
      const ask = {
        serving,
        request,
        prompt: request.prompt,
        maxTokens: request.max_tokens ?? undefined,
        topLogprobs: null,
        dropThought: false,
        ends: [],
        shape: textShape(shapeOptions(false)),
      };
      return await answerCompletion(c, ask, deps);
    }),
  );

  // How llama-server lets a client count: what the chat would be, then its tokens, special ones included.
  app.post('/apply-template', (c) =>
    asked(c.env, async (serving, body) => {
      const { messages } = parseRequest(ApplyTemplateRequest, body);
      return c.json({ prompt: serving.chat.render(messages) });
    }),
  );

  app.post('/tokenize', (c) =>
    asked(c.env, async ({ loaded, engine }, body) => {
      const { content } = parseRequest(TokenizeRequest, body);
      const counted = await promptTokens(loaded.model, content, engine.contextTokens, c.get('gone'));
      if ('tooMany' in counted) engine.checkFits(counted.tooMany);
      return c.json({ tokens: 'tokens' in counted ? counted.tokens : [] });
    }),
  );

  return app;
}
