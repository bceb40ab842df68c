// A model hub in a container: to llama-server every repository is there, and holds this one model under the name of
// each quantisation. Prints what it was asked for.
// Usage: node hub-server.mjs MODEL.gguf PORT
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [model = '', port = '80'] = process.argv.slice(2);
const content = readFileSync(model);
const sha256 = createHash('sha256').update(content).digest('hex');
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const FILES = ['Q4_K_M', 'Q8_0', 'q4', 'Q5_K_M'].map((quant) => `model-${quant}.gguf`);

const json = (response, body) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));

createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://hub');
  process.stdout.write(`${[request.method, pathname, request.headers.authorization ?? ''].join(' ')}\n`);
  const [, api] = /^\/api\/models\/[^/]+\/[^/]+\/(refs|tree)\b/.exec(pathname) ?? [];
  if (api === 'refs') {
    return json(response, { branches: [{ name: 'main', ref: 'refs/heads/main', targetCommit: COMMIT }] });
  }
  if (api === 'tree') {
    const lfs = { oid: sha256, size: content.length, pointerSize: 134 };
    return json(
      response,
      FILES.map((path) => ({ type: 'file', path, size: content.length, oid: COMMIT, lfs })),
    );
  }
  if (!/^\/[^/]+\/[^/]+\/resolve\//.test(pathname)) return response.writeHead(404).end();
  response.writeHead(200, { 'content-length': content.length, etag: `"${sha256}"` });
  response.end(request.method === 'HEAD' ? undefined : content);
}).listen(Number(port), '0.0.0.0');
