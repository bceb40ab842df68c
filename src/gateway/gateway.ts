/**
 * An OpenAI-compatible gateway over the guarded client: what a runtime in another language talks to.
 * @example
 * const llm = createLlmClient(settingsFromEnv(process.env));
 * const gateway = createGateway({ llm });
 * const { url } = await gateway.listen({ port: 11435 });
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type CancelScope, openScope } from '../client/cancel.js';
import type { LlmClient } from '../client/client.js';
import { systemClock } from '../client/clock.js';
import { answerBadHttp } from '../openai-http/bad-http.js';
import { BODY_LIMIT } from '../openai-http/body.js';
import { drainAfterReply } from '../openai-http/drain.js';
import { checkHost, checkOrigin } from '../openai-http/host-check.js';
import { answer } from './answering.js';
import { createKeyCheck } from './keys.js';
import { type GatewayAddress, listenAt } from './listen.js';
import type { OnUnexpected } from './refusal.js';
import { createRoutes } from './routes.js';

export type { GatewayAddress } from './listen.js';

export interface GatewayOptions {
  /** Answers the requests; the gateway does not close it. */
  llm: LlmClient;
  /**
   * Bearer tokens of which a caller needs one for everything under `/v1`; without any, only loopback is listened
   * on. `/health`, `/ready` and `/metrics` ask for none.
   */
  keys?: readonly string[] | undefined;
  /** Bytes of the largest body; more is 413. Default 1 MiB. */
  bodyLimitBytes?: number | undefined;
  /** Told of failures that nobody foresaw, whose callers see only the request id. */
  onUnexpected?: OnUnexpected | undefined;
}

export interface Gateway {
  /**
   * @param at port 0 means any free one. Default 127.0.0.1:11435
   * @throws BotllmError `BAD_CONFIG` for an address that others reach where there are no keys, `PORT_TAKEN`,
   * `MISSING_PREREQUISITE` for what is no address of this machine
   */
  listen(at?: { host?: string | undefined; port?: number | undefined }): Promise<GatewayAddress>;
  /**
   * Takes no new requests (503), lets those in flight finish, ends after `drainMs` what is left (a task falls back,
   * anything else is 503), then closes every connection.
   * @param options default 4,000 ms
   */
  close(options?: { drainMs?: number | undefined }): Promise<void>;
}

export const DEFAULT_GATEWAY_HOST = '127.0.0.1';
export const DEFAULT_GATEWAY_PORT = 11435;
const DRAIN_MS = 4000;
/** How long what was ended may take to say so. */
const LAST_WORDS_MS = 500;
/** Longer than the minute after which the usual load balancers drop an idle connection: never under their hands. */
const KEEP_ALIVE_MS = 65_000;
const REQUEST_TIMEOUT_MS = 30_000;

export function createGateway(options: GatewayOptions): Gateway {
  const { llm, keys = [], bodyLimitBytes = BODY_LIMIT, onUnexpected = () => {} } = options;
  const checkKey = keys.length > 0 ? createKeyCheck(keys) : null;
  const now = () => Date.now();
  let stops = false;
  const isStopping = () => stops;
  let ownHosts: string[] = [];
  const inFlight = new Map<CancelScope, Promise<void>>();

  const checkCaller = (headers: IncomingMessage['headers'], open: boolean) => {
    checkOrigin(headers.origin);
    // Who has to know a key is no web page that found a name for this machine.
    if (!checkKey) checkHost(headers.host, ownHosts);
    else if (!open) checkKey(headers.authorization);
  };
  const { find } = createRoutes({ llm, now, onUnexpected, isStopping });
  const deps = { find, checkCaller, isStopping, bodyLimitBytes, onUnexpected };

  const server = createServer(
    { requireHostHeader: false, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    (incoming: IncomingMessage, outgoing: ServerResponse) => {
      const control = openScope({ clock: systemClock, parents: [] });
      const over = answer(deps, incoming, outgoing, control).finally(() => inFlight.delete(control));
      inFlight.set(control, over);
    },
  );
  drainAfterReply(server);
  server.on('clientError', answerBadHttp);

  const allOver = () => Promise.allSettled(inFlight.values());
  return {
    async listen({ host = DEFAULT_GATEWAY_HOST, port = DEFAULT_GATEWAY_PORT } = {}) {
      ownHosts = [host.toLowerCase()];
      return listenAt(server, { host, port, guarded: checkKey !== null });
    },
    async close({ drainMs = DRAIN_MS } = {}) {
      stops = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await within(drainMs, allOver());
      for (const control of inFlight.keys()) control.cancel(undefined);
      await within(LAST_WORDS_MS, allOver());
      server.closeIdleConnections();
      await within(LAST_WORDS_MS, closed);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Waits for a thing, but not longer than so many milliseconds. */
async function within(ms: number, thing: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([thing, patience]);
  clearTimeout(timer);
}
