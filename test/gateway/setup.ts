import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { LlmClientOptions } from '../../src/client/options.js';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway.js';
import { type Bench, bench } from '../client/setup.js';
import type { FakeEngineOptions } from '../support/fake-engine.js';

export interface GatewayBench extends Bench {
  gateway: Gateway;
  /** `http://127.0.0.1:<port>` */
  url: string;
  unexpected: unknown[];
  ask(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // What a foreign program reads; a test says which field it means.
  json: () => Record<string, unknown> & {
    error: Record<string, unknown>;
    choices: Record<string, unknown>[];
  };
  /** Of a stream: what stands behind each `data: `. */
  events: () => string[];
}

interface Wish {
  client?: LlmClientOptions;
  fake?: FakeEngineOptions;
  gateway?: Omit<GatewayOptions, 'llm'>;
}

/** A gateway over a client over a fake engine, listening; all three are gone when the test is over. */
export async function gatewayBench({ client, fake, gateway: wish }: Wish = {}): Promise<GatewayBench> {
  const parts = await bench(client, fake);
  const unexpected: unknown[] = [];
  const gateway = createGateway({
    llm: parts.llm,
    onUnexpected: (error) => unexpected.push(error),
    ...wish,
  });
  onTestFinished(() => gateway.close({ drainMs: 0 }));
  const { url } = await gateway.listen({ port: 0 });
  return { ...parts, gateway, url, unexpected, ask: (...call) => ask(url, ...call) };
}

async function ask(
  url: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined
      ? {}
      : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => JSON.parse(text),
    events: () => [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data),
  };
}

/** With headers that a fetch does not let one choose: Host, Origin. */
export function statusWith(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

export const HI = { messages: [{ role: 'user', content: 'hi' }] };
