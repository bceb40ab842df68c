// An engine that is a process of its own, to be killed, frozen and started again on its port. Its behaviour is
// told on stdin, one JSON object a line; GET /stats says what it saw. First line of stdout: the port.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const behaviour = {
  mode: 'ready',
  answer: '{"intent":"help","entities":[]}',
  delayMs: 0,
  pieces: 4,
  usage: false,
  faulty: 0,
  health: { status: 'ok' },
};
const stats = { posts: 0, answered: 0, closedEarly: 0, busy: 0, tokens: 0 };

const json = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};
const event = (response, data) => response.write(`data: ${JSON.stringify(data)}\n\n`);
const loading = { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } };

const refusal = (response) => json(response, 500, { error: { message: 'boom' } });
const garbage = (response) => response.end('<html></html>');
const reset = (response) => response.destroy();
const cut = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"choices":[', () => response.destroy());
};
const silence = () => {};
/** What goes wrong, in turn. */
const FAULTS = [refusal, garbage, reset, cut, garbage, refusal, garbage, reset, cut, silence];

async function answer(response, body, path) {
  if (behaviour.delayMs) await sleep(behaviour.delayMs);
  stats.tokens += behaviour.pieces;
  if (body.stream) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let i = 0; i < behaviour.pieces; i += 1)
      event(response, { choices: [{ delta: { content: 'la ' } }] });
    event(response, { choices: [{ delta: {}, finish_reason: 'stop' }] });
    const usage = { prompt_tokens: 10, completion_tokens: behaviour.pieces };
    if (behaviour.usage) event(response, { choices: [], usage });
    response.end('data: [DONE]\n\n');
    return;
  }
  const { answer: said } = behaviour;
  const content = path.endsWith('/chat/completions') ? { message: { content: said } } : { text: said };
  json(response, 200, {
    choices: [{ ...content, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: behaviour.pieces },
  });
}

async function post(request, response) {
  stats.posts += 1;
  stats.busy += 1;
  response.on('error', () => {});
  response.on('close', () => {
    stats.busy -= 1;
    if (response.writableFinished) stats.answered += 1;
    else stats.closedEarly += 1;
  });
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  if (behaviour.mode === 'loading') return json(response, 503, loading);
  if (['broken', 'refusing'].includes(behaviour.mode))
    return json(response, 500, { error: { message: 'EngineDeadError' } });
  const { faulty } = behaviour;
  // Every so many requests, so that a share is a share in every run.
  if (faulty > 0 && stats.posts % Math.round(1 / faulty) === 0) {
    return FAULTS[Math.floor(stats.posts * faulty) % FAULTS.length](response);
  }
  return answer(response, JSON.parse(text), request.url);
}

const server = createServer((request, response) => {
  if (request.method === 'POST') return post(request, response).catch(() => response.destroy());
  if (request.url === '/stats') return json(response, 200, stats);
  if (behaviour.mode === 'loading') return json(response, 503, loading);
  if (behaviour.mode === 'broken' && request.url === '/health') return json(response, 503, {});
  if (request.url === '/health') return json(response, 200, behaviour.health);
  if (request.url === '/props') return json(response, 200, { total_slots: 32 });
  if (request.url === '/v1/models') return json(response, 200, { data: [{ id: 'm', owned_by: 'llamacpp' }] });
  return json(response, 404, { error: { message: 'not found' } });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  process.stdout.write(`${server.address().port}\n`);
});

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  Object.assign(behaviour, JSON.parse(line));
  process.stdout.write('ok\n');
});
// Whoever started it is gone.
lines.on('close', () => process.exit(0));
