import type { LlmClient } from '../client/client.js';
import { wireMessages } from '../openai-http/messages.js';
import { WireError } from '../openai-http/wire-error.js';
import { health, metrics, modelByName, models, ready } from './about-routes.js';
import { botRoutes } from './bot-routes.js';
import { chatCompletions, completions } from './completions.js';
import { json, type Route } from './exchange.js';
import { openApiDocument } from './openapi.js';
import type { OnUnexpected } from './refusal.js';

export interface RouteDeps {
  llm: LlmClient;
  /** Milliseconds since the epoch. */
  now: () => number;
  onUnexpected: OnUnexpected;
  isStopping: () => boolean;
}

/** What stands at a path for a method. */
export interface Place {
  route: Route;
  /** Answered without a key, and while the gateway stops: what a probe and a scraper ask. It shows no user's words. */
  open: boolean;
}

export interface Routes {
  /** Paths by their methods; the one with a parameter is spelled as OpenAPI does. */
  readonly places: Readonly<Record<string, Readonly<Record<string, Place>>>>;
  /** @throws WireError 404, 405 */
  find(method: string, path: string): Place;
}

const ONE_MODEL = '/v1/models/{model}';

/** All that the gateway answers, and nothing else. */
export function createRoutes(deps: RouteDeps): Routes {
  const { llm, isStopping } = deps;
  const since = Math.floor(deps.now() / 1000);
  const document = json(openApiDocument());
  const places: Routes['places'] = {
    '/health': { GET: open(health) },
    '/ready': { GET: open(ready(llm, isStopping)) },
    '/metrics': { GET: open(metrics(llm)) },
    '/openapi.json': { GET: open(async () => document) },
    '/v1/models': { GET: closed(models(llm, since)) },
    [ONE_MODEL]: { GET: closed(modelByName(llm, since)) },
    '/v1/chat/completions': { POST: closed(chatCompletions(deps)) },
    '/v1/completions': { POST: closed(completions(deps)) },
    ...Object.fromEntries(
      Object.entries(botRoutes(llm)).map(([path, route]) => [path, { POST: closed(route) }]),
    ),
  };
  const find = (method: string, path: string) => {
    // A hub's id has a slash in it.
    const known = /^\/v1\/models\/./.test(path) ? ONE_MODEL : path;
    const here = Object.hasOwn(places, known) ? places[known] : undefined;
    if (!here) throw new WireError(404, 'not_found_error', wireMessages.unknownPath(method, path));
    const place = here[method === 'HEAD' ? 'GET' : method];
    if (place) return place;
    const allow = Object.keys(here).join(', ');
    const message = wireMessages.wrongMethod(method, path, allow);
    throw new WireError(405, 'invalid_request_error', message, { headers: { allow } });
  };
  return { places, find };
}

function open(route: Route): Place {
  return { route, open: true };
}

function closed(route: Route): Place {
  return { route, open: false };
}
