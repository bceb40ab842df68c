import { z } from 'zod';
import { ImproveRequest, IntentRequest, MenuRequest, ValidateRequest } from './bot-requests.js';
import { REPLIES } from './openapi-replies.js';
import { GatewayChatRequest, GatewayCompletionRequest } from './requests.js';

type Json = Record<string, unknown>;

const REQUESTS = {
  ChatCompletionRequest: GatewayChatRequest,
  CompletionRequest: GatewayCompletionRequest,
  IntentRequest,
  ValidateRequest,
  MenuRequest,
  ImproveRequest,
} as const;

const CALLER_HEADERS = {
  'X-User-Id': 'Whose quota the call uses, where the body names no user',
  'X-Bot-Id': 'The bot or tenant: answers and quotas of different bots never meet',
  'X-Request-Id': 'Comes back in the reply, and goes into events and to the engine',
  traceparent: 'W3C trace context, passed on to the engine',
} as const;

/** What the gateway answers, in OpenAPI 3.1; the requests are those that it really parses. */
export function openApiDocument(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'botllm gateway',
      version: '1',
      summary: 'OpenAI-compatible, with cache, limits, deadlines and fallbacks in front of one model',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // A key is needed where the gateway was given any; without, it listens on loopback alone.
    security: [{ key: [] }, {}],
    paths: {
      '/health': { get: asked('The gateway lives', 'Health', { open: true }) },
      '/ready': {
        get: asked('The model would answer now', 'Readiness', { open: true, notYet: 'Readiness' }),
      },
      '/metrics': { get: metrics() },
      '/openapi.json': { get: document() },
      '/v1/models': { get: asked('The one model', 'ModelList') },
      '/v1/models/{model}': { get: { ...asked('The model by its name', 'Model'), parameters: [MODEL] } },
      '/v1/chat/completions': {
        post: posted('A chat', 'ChatCompletionRequest', 'ChatCompletion', { streams: true }),
      },
      '/v1/completions': {
        post: posted('A text, continued', 'CompletionRequest', 'Completion', { streams: true }),
      },
      '/v1/bot/intent': { post: posted('What a user wants', 'IntentRequest', 'IntentResult') },
      '/v1/bot/validate': { post: posted('Whether an input fits', 'ValidateRequest', 'ValidateResult') },
      '/v1/bot/menu': { post: posted('A menu for a user', 'MenuRequest', 'MenuResult') },
      '/v1/bot/improve': { post: posted('A message, improved', 'ImproveRequest', 'ImproveResult') },
    },
    components: {
      schemas: { ...requestSchemas(), ...REPLIES },
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
    },
  };
}

const MODEL = { name: 'model', in: 'path', required: true, schema: { type: 'string' } };

function requestSchemas(): Json {
  return Object.fromEntries(
    Object.entries(REQUESTS).map(([name, schema]) => {
      const { $schema: _, ...made } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
      // What is refused whenever it means anything is no part of the interface.
      const known = Object.entries(made.properties ?? {}).filter(([, field]) => !isEmpty(field));
      return [name, { ...made, properties: Object.fromEntries(known) }];
    }),
  );
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const content = (name: string) => ({ 'application/json': { schema: ref(name) } });
const refused = { description: 'A refusal in OpenAI’s shape', content: content('Error') };

function asked(
  summary: string,
  reply: string,
  { open, notYet }: { open?: boolean; notYet?: string } = {},
): Json {
  return {
    summary,
    ...(open && { security: [] }),
    responses: {
      200: { description: summary, content: content(reply) },
      ...(notYet !== undefined && { 503: { description: 'Not now', content: content(notYet) } }),
      default: refused,
    },
  };
}

function posted(
  summary: string,
  request: keyof typeof REQUESTS,
  reply: string,
  { streams = false }: { streams?: boolean } = {},
): Json {
  const headers = Object.entries(CALLER_HEADERS);
  const events = streams && { 'text/event-stream': { schema: { type: 'string' } } };
  const wait = { description: 'Seconds until the same call may succeed', schema: { type: 'integer' } };
  return {
    summary,
    parameters: headers.map(([name, description]) => ({
      name,
      in: 'header',
      description,
      schema: { type: 'string' },
    })),
    requestBody: { required: true, content: content(request) },
    responses: {
      200: { description: summary, content: { ...content(reply), ...events } },
      429: { ...refused, description: 'The user’s quota is used up', headers: { 'Retry-After': wait } },
      default: refused,
    },
  };
}

function metrics(): Json {
  const description = 'Metrics for Prometheus, text format 0.0.4';
  const text = { 'text/plain': { schema: { type: 'string' } } };
  return { summary: description, security: [], responses: { 200: { description, content: text } } };
}

function document(): Json {
  const description = 'This document';
  const any = { 'application/json': { schema: { type: 'object' } } };
  return { summary: description, security: [], responses: { 200: { description, content: any } } };
}
