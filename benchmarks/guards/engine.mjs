// An engine that answers every request at once with the same small answer, in a process of its own. Prints its
// address; ends with its input.
import { createServer } from 'node:http';

const answer = JSON.stringify({
  id: 'instant',
  object: 'chat.completion',
  model: 'instant',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: '{"intent":"help","entities":[]}' },
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 100, completion_tokens: 12 },
});
const models = JSON.stringify({ object: 'list', data: [{ id: 'instant', owned_by: 'benchmark' }] });

const server = createServer(async (request, response) => {
  for await (const _ of request);
  const [status, body] = request.method === 'POST' ? [200, answer] : about(request.url);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
process.stdin.on('end', () => process.exit()).resume();

function about(url) {
  return url === '/v1/models' ? [200, models] : [404, '{"error":{"message":"not found"}}'];
}
