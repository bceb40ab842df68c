import { Agent, request } from 'node:http';
import type { Target } from './wrk.js';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let asked = 0;

/**
 * Milliseconds from the request to the first piece of a streamed answer that no cache has.
 * @param tokens `many`: others follow, as from an engine; `one`: it and the end come in one packet, and on few cores
 * whoever reads it competes with what the gateway makes of the end
 */
export function firstToken({ url, headers = {} }: Target, tokens: 'many' | 'one'): Promise<number> {
  asked += 1;
  const messages = [{ role: 'user', content: `${process.pid} ${asked}` }];
  const max_tokens = tokens === 'one' ? 1 : 100;
  const body = JSON.stringify({ model: 'instant', stream: true, max_tokens, user: `${asked}`, messages });
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    });
    outgoing.on('error', reject).on('response', (response) => {
      let first: number | undefined;
      response.on('data', (piece: Buffer) => {
        if (first === undefined && piece.includes('"content":"')) first = performance.now() - startedAt;
      });
      response.on('end', () => {
        if (first === undefined) reject(new Error(`no content: ${response.statusCode}`));
        else resolve(first);
      });
    });
    outgoing.end(body);
  });
}
