import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the next answer does in place of the right thing. */
export type Mishap =
  | { status: number; headers?: Record<string, string> }
  /** Ends the connection after this many bytes of the body (a client may lose the last of them). */
  | { cutAfter: number }
  /** Sends this many bytes of the body and then nothing, with the connection open. */
  | { stallAfter: number }
  /** Sends the body in this many pieces, with a pause of 150 ms after each. */
  | { slowly: number }
  /** Sends the first 4,096 bytes, and the rest when this file is there. */
  | { after: string }
  /** Sends the redirect to this address. */
  | { redirectTo: string }
  /** Sends the whole body whatever range was asked for. */
  | { ignoreRange: true };

export interface HubRequest {
  at: 'hub' | 'store';
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  status?: number;
}

interface HubFile {
  content: Buffer;
  /** Of the storing host; null: it sends none. */
  etag: string | null;
  /** `X-Linked-Etag` of the hub; null: it sends none. */
  linkedEtag: string | null;
  /** The token that the repository wants. */
  token?: string;
}

/**
 * A model hub over real HTTP: one origin that knows repositories and asks for tokens, and a second one, to
 * which it redirects and which must never see a token. Mishaps are queued and used up one a request.
 */
export class LocalHub implements AsyncDisposable {
  readonly requests: HubRequest[] = [];
  readonly hubMishaps: Mishap[] = [];
  readonly storeMishaps: Mishap[] = [];
  /** What the hub says of a repository beside its files. */
  readonly facts = new Map<string, { license?: string; gated?: false | 'auto' | 'manual' }>();
  /** A mirror that hands out files and describes no repository. */
  describes = true;
  readonly #files = new Map<string, HubFile>();
  #hub: Server;
  #store: Server;

  private constructor() {
    this.#hub = createServer((req, res) => this.#answer('hub', req, res));
    this.#store = createServer((req, res) => this.#answer('store', req, res));
  }

  static async start(): Promise<LocalHub> {
    const hub = new LocalHub();
    await Promise.all([hub.#hub, hub.#store].map(listen));
    return hub;
  }

  get endpoint(): string {
    return origin(this.#hub);
  }

  /** Puts a file up, or another one in its place. */
  put(repo: string, file: string, content: Buffer, more: Partial<Omit<HubFile, 'content'>> = {}): void {
    const sha256 = createHash('sha256').update(content).digest('hex');
    this.#files.set(`/${repo}/resolve/main/${file}`, {
      content,
      etag: `"${sha256.slice(0, 32)}"`,
      linkedEtag: `"${sha256}"`,
      ...more,
    });
  }

  /** Where a file lies on the storing host, as an address of its own. */
  address(repo: string, file: string): string {
    return `${origin(this.#store)}/${repo}/resolve/main/${file}`;
  }

  /** Requests for bytes: what reached the storing host. */
  get fetches(): HubRequest[] {
    return this.requests.filter(({ at }) => at === 'store');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#hub, this.#store]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  #answer(at: 'hub' | 'store', req: IncomingMessage, res: ServerResponse): void {
    const path = (req.url ?? '/').split('?')[0] ?? '/';
    const seen: HubRequest = { at, method: req.method ?? '', path, headers: req.headers };
    this.requests.push(seen);
    res.on('close', () => {
      seen.status = res.statusCode;
    });
    const mishap = (at === 'hub' ? this.hubMishaps : this.storeMishaps).shift();
    if (mishap && 'status' in mishap) {
      res.writeHead(mishap.status, mishap.headers).end();
      return;
    }
    if (at === 'hub' && path.startsWith('/api/models/')) {
      this.#describe(path.slice('/api/models/'.length), res);
      return;
    }
    const file = this.#files.get(path);
    if (!file) {
      res.writeHead(404).end();
      return;
    }
    if (at === 'store') {
      sendBytes(file, req, res, mishap);
      return;
    }
    const given = req.headers.authorization;
    if (file.token !== undefined && given !== `Bearer ${file.token}`) {
      res.writeHead(given === undefined ? 401 : 403).end();
      return;
    }
    const location =
      mishap && 'redirectTo' in mishap ? mishap.redirectTo : `${origin(this.#store)}${path}?sig=1`;
    res.writeHead(302, {
      location,
      ...(file.linkedEtag === null ? {} : { 'x-linked-etag': file.linkedEtag }),
      'x-linked-size': String(file.content.length),
    });
    res.end();
  }

  #describe(repo: string, res: ServerResponse): void {
    const prefix = `/${repo}/resolve/main/`;
    const siblings = [...this.#files]
      .filter(([path]) => this.describes && path.startsWith(prefix))
      .map(([path, { content, linkedEtag }]) => ({
        rfilename: path.slice(prefix.length),
        size: content.length,
        ...(linkedEtag === null
          ? {}
          : { lfs: { sha256: linkedEtag.replaceAll('"', ''), size: content.length } }),
      }));
    if (siblings.length === 0) {
      res.writeHead(404).end();
      return;
    }
    const { license, gated = false } = this.facts.get(repo) ?? {};
    const body = { id: repo, gated, siblings, cardData: license === undefined ? null : { license } };
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}

function sendBytes(file: HubFile, req: IncomingMessage, res: ServerResponse, mishap?: Mishap): void {
  const { content, etag } = file;
  const from = mishap && 'ignoreRange' in mishap ? null : rangeStart(req, etag);
  if (from !== null && from >= content.length) {
    res.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  const body = content.subarray(from ?? 0);
  res.writeHead(from === null ? 200 : 206, {
    'content-length': String(body.length),
    ...(etag === null ? {} : { etag }),
    ...(from === null ? {} : { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
  });
  if (mishap && 'cutAfter' in mishap) {
    res.flushHeaders();
    // A moment for the client to take what was sent: at a close it drops what it has not read yet.
    res.write(body.subarray(0, mishap.cutAfter), () => setTimeout(() => res.destroy(), 30));
  } else if (mishap && 'stallAfter' in mishap) {
    res.flushHeaders();
    res.write(body.subarray(0, mishap.stallAfter));
  } else if (mishap && 'after' in mishap) {
    res.write(body.subarray(0, 4096));
    sendWhenThere(mishap.after, body.subarray(4096), res);
  } else if (mishap && 'slowly' in mishap) {
    sendSlowly(body, res, Math.ceil(body.length / mishap.slowly));
  } else {
    res.end(body);
  }
}

function sendWhenThere(file: string, rest: Buffer, res: ServerResponse): void {
  if (existsSync(file)) res.end(rest);
  else if (!res.destroyed) setTimeout(() => sendWhenThere(file, rest, res), 20);
}

function sendSlowly(body: Buffer, res: ServerResponse, piece: number): void {
  if (body.length === 0 || res.destroyed) {
    res.end();
    return;
  }
  res.write(body.subarray(0, piece));
  setTimeout(() => sendSlowly(body.subarray(piece), res, piece), 150);
}

/** Null: the whole body is due (no range asked, or it is guarded by the tag of another file). */
function rangeStart(req: IncomingMessage, etag: string | null): number | null {
  const start = /^bytes=(\d+)-$/.exec(req.headers.range ?? '')?.[1];
  if (start === undefined) return null;
  const guard = req.headers['if-range'];
  return guard === undefined || guard === etag ? Number(start) : null;
}

const listen = (server: Server): Promise<void> =>
  new Promise((ready) => server.listen(0, '127.0.0.1', () => ready()));

const origin = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
