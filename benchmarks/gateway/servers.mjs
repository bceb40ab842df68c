// The least that a gateway does, over `node` (node:http) or `hono` (on its adapter): reads a chat, answers with it.
// Prints its address; ends with its input.
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';

const answer = ({ messages }) => ({ choices: [{ message: messages.at(-1), finish_reason: 'stop' }] });

const bare = (incoming, outgoing) => {
  const chunks = [];
  incoming.on('data', (chunk) => chunks.push(chunk));
  incoming.on('end', () => {
    const body = JSON.stringify(answer(JSON.parse(Buffer.concat(chunks).toString())));
    const length = Buffer.byteLength(body);
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': length });
    outgoing.end(body);
  });
};

const app = new Hono();
app.post('/v1/chat/completions', async (c) => c.json(answer(await c.req.json())));

const listener = process.argv[2] === 'hono' ? getRequestListener(app.fetch) : bare;
const server = createServer(listener);
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.stdin.on('end', () => process.exit()).resume();
