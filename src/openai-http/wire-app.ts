import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { checkHostAndOrigin } from './host-check.js';
import { wireMessages } from './messages.js';
import { requestIdOf } from './request-id.js';
import { WireError } from './wire-error.js';

export interface WireEnv {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    /** Aborts when the client went away before it had its whole answer. */
    gone: AbortSignal;
  };
}

export interface WireAppOptions {
  /** Names beside the loopback ones that Host may carry. */
  extraHosts?: readonly string[];
  /** Told of every failure that nobody foresaw. The client sees only the request id. */
  onUnexpected: (error: unknown, requestId: string) => void;
}

/**
 * The ground of an OpenAI-shaped server: request ids, Host and Origin, and every refusal in OpenAI's error
 * shape, also for unknown paths and wrong methods. Routes are added to what it gives back.
 */
export function createWireApp(options: WireAppOptions): Hono<WireEnv> {
  const app = new Hono<WireEnv>();

  app.use(async (c, next) => {
    const requestId = requestIdOf(c.req.header('x-request-id'));
    c.set('requestId', requestId);
    c.set('gone', goneSignal(c.env.outgoing));
    await next();
    c.header('x-request-id', requestId);
  });

  app.use(async (c, next) => {
    checkHostAndOrigin(c.req.header('host'), c.req.header('origin'), options.extraHosts);
    await next();
  });

  app.notFound((c) => {
    const { method, path } = c.req;
    const allowed = methodsAt(app, path).join(', ');
    if (allowed === '') {
      return new WireError(404, 'not_found_error', wireMessages.unknownPath(method, path)).response();
    }
    const message = wireMessages.wrongMethod(method, path, allowed);
    return new WireError(405, 'invalid_request_error', message, { headers: { allow: allowed } }).response();
  });

  app.onError((error, c) => {
    if (error instanceof WireError) return error.response();
    const requestId = c.get('requestId');
    options.onUnexpected(error, requestId);
    return new WireError(500, 'server_error', wireMessages.internal(requestId)).response();
  });

  return app;
}

/** Methods of the routes that stand at exactly this path; the paths of this wire have no parameters. */
function methodsAt(app: Hono<WireEnv>, path: string): string[] {
  const methods = app.routes.filter((route) => route.path === path && route.method !== 'ALL');
  return [...new Set(methods.map((route) => route.method))];
}

function goneSignal(outgoing: HttpBindings['outgoing']): AbortSignal {
  const controller = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) controller.abort();
  });
  return controller.signal;
}
