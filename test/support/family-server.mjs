// Stands in for an engine of another family in a container: it answers what the family's adapter asks, in its order.
// Ollama, so called by its variables, lists a model only once it was fetched, named and loaded; vLLM's word is its
// command line, and llama-server's, of which the compose file's own line speaks.
import { createServer } from 'node:http';

const isOllama = process.env.OLLAMA_KEEP_ALIVE !== undefined;
const named = process.argv.findIndex((word) => word === '--served-model-name' || word === '--alias');
const key = process.env.VLLM_API_KEY;
let model = isOllama ? undefined : process.argv[named + 1];
const pulled = new Set();

const json = (response, body, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

const POST = {
  '/api/pull': (response, body) => {
    if (body.model.includes('nobody'))
      return response.end('{"error":"pull model manifest: file does not exist"}\n');
    response.write('{"status":"pulling manifest"}\n');
    for (const completed of [1, 50, 100]) response.write(`${JSON.stringify({ total: 100, completed })}\n`);
    pulled.add(body.model);
    response.end('{"status":"success"}\n');
  },
  '/api/copy': (response, { source, destination }) => {
    if (!pulled.has(source)) return json(response, { error: 'no such model' }, 404);
    pulled.add(destination);
    response.end();
  },
  '/api/generate': (response, body) => {
    if (!pulled.has(body.model)) return json(response, { error: 'no such model' }, 404);
    model = body.model;
    json(response, { done: true });
  },
  '/v1/completions': (response) => json(response, { choices: [{ text: 'a', finish_reason: 'length' }] }),
  '/v1/chat/completions': (response) =>
    json(response, { choices: [{ message: { role: 'assistant', content: 'a' }, finish_reason: 'stop' }] }),
};
const GET = {
  '/': (response) => response.end(isOllama ? 'Ollama is running' : ''),
  '/health': (response) => (isOllama ? json(response, {}, 404) : response.end()),
  '/api/ps': (response) => json(response, { models: model ? [{ name: model, size: 10, size_vram: 4 }] : [] }),
  '/v1/models': (response) =>
    json(response, { data: model ? [{ id: model, owned_by: 'vllm', max_model_len: 4096 }] : [] }),
};

const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const { pathname } = new URL(request.url, 'http://x');
  if (key && pathname.startsWith('/v1') && request.headers.authorization !== `Bearer ${key}`)
    return json(response, { error: 'Unauthorized' }, 401);
  const answer = (request.method === 'POST' ? POST : GET)[pathname];
  return answer ? answer(response, text ? JSON.parse(text) : {}) : json(response, { error: 'none' }, 404);
});
// A real one takes its time before it listens, too.
setTimeout(() => server.listen(11434, '0.0.0.0'), 1_500);
process.on('SIGTERM', () => process.exit(0));
