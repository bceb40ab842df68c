import { EnvHttpProxyAgent, fetch } from 'undici';
import type { Env } from '../settings/read.js';
import type { HubFetch, ModelContext } from './context.js';
import { SAY } from './messages.js';
import { refuse } from './refuse.js';

export interface OpenHubFetch extends AsyncDisposable {
  fetch: HubFetch;
}

/** undici's fetch over the proxies of the context's environment; disposing it cuts its connections. */
export function openHubFetch(ctx: ModelContext): OpenHubFetch {
  if (ctx.fetch) return { fetch: ctx.fetch, [Symbol.asyncDispose]: async () => {} };
  const agent = proxyAgent(ctx.env);
  return {
    fetch: (input, init) => fetch(input, { ...init, dispatcher: agent }),
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

function proxyAgent(env: Env): EnvHttpProxyAgent {
  try {
    return new EnvHttpProxyAgent(proxyOptions(env));
  } catch (cause) {
    // Not the value: a proxy's address may hold a password.
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw refuse('BAD_CONFIG', SAY.badProxy(code), { cause });
  }
}

function proxyOptions(env: Env): EnvHttpProxyAgent.Options {
  return {
    // An empty string keeps the agent from looking into this process's own environment.
    httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? '',
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? '',
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
    // The download watches for silence itself, with its own patience.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}
