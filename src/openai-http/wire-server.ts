import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { answerBadHttp } from './bad-http.js';
import { type DrainLimits, drainAfterReply } from './drain.js';
import { wireMessages } from './messages.js';
import type { WireEnv } from './wire-app.js';
import { WireError } from './wire-error.js';

/**
 * An HTTP server around such an app. It answers in OpenAI's error shape even to bytes that are not HTTP,
 * and never cuts a client off before that client could read its refusal.
 */
export function createWireServer(app: Hono<WireEnv>, drainLimits?: DrainLimits): Server {
  const listener = getRequestListener((request, env) => app.fetch(request, env as WireEnv['Bindings']), {
    // The drain of the library gives up after half a second; ours waits for a client that is still sending.
    autoCleanupIncoming: false,
    overrideGlobalObjects: false,
    // Without a Host there is still a URL to build; the Host check refuses such a request in our shape.
    hostname: 'localhost',
    errorHandler: () => new WireError(400, 'invalid_request_error', wireMessages.badHttp).response(),
  });
  // An HTTP/1.1 request without Host gets node's bare 400 otherwise; the Host check answers in our shape.
  const server = createServer({ requireHostHeader: false }, (incoming, outgoing) => {
    void listener(incoming, outgoing);
  });
  drainAfterReply(server, drainLimits);
  server.on('clientError', answerBadHttp);
  return server;
}
