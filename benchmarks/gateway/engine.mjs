// An engine that answers every chat at once, in a process of its own. A streamed answer comes token by token, as from
// an engine; one of a single token (max_tokens 1) with its end in one packet. Prints its address; ends with its input.
import { createServer } from 'node:http';

const choice = { index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' };
const usage = { prompt_tokens: 100, completion_tokens: 12, total_tokens: 112 };
const head = { id: 'instant', created: 1, model: 'instant' };
const answer = JSON.stringify({ ...head, object: 'chat.completion', choices: [choice], usage });
const chunk = (delta, finish_reason = null) =>
  `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const firstToken = chunk({ role: 'assistant', content: 'yes' });
const rest = `${chunk({}, 'stop')}data: [DONE]\n\n`;
/** Faster than any engine. */
const BETWEEN_TOKENS_MS = 1;
const models = JSON.stringify({
  object: 'list',
  data: [{ id: 'instant', object: 'model', owned_by: 'benchmark' }],
});

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('latin1').on('data', (piece) => {
    body += piece;
  });
  request.on('end', () => {
    if (body.includes('"stream":true')) {
      const length = Buffer.byteLength(firstToken) + Buffer.byteLength(rest);
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-length': length });
      if (body.includes('"max_tokens":1,') || body.includes('"max_tokens":1}'))
        response.end(firstToken + rest);
      else {
        response.write(firstToken);
        setTimeout(() => response.end(rest), BETWEEN_TOKENS_MS);
      }
      return;
    }
    const text = request.method === 'GET' ? models : answer;
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.stdin.on('end', () => process.exit()).resume();
