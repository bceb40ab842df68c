import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { openScope } from '../../src/client/cancel.js';
import { answer } from '../../src/gateway/answering.js';
import type { Route } from '../../src/gateway/exchange.js';
import { handClock } from '../client/hand-clock.js';

test('the first piece of a stream goes out at once, however soon the others follow', async () => {
  /** Bytes that the socket still held back after each piece. */
  const heldBack: (number | undefined)[] = [];
  const server = createServer((incoming, outgoing) => {
    const route: Route = async () => ({
      headers: {},
      async produce(writer) {
        for (const piece of ['one', 'two', 'three']) {
          writer.send(piece);
          heldBack.push(outgoing.socket?.writableLength);
        }
        writer.done();
      },
    });
    void answer(
      {
        find: () => ({ route, open: true }),
        checkCaller: () => {},
        isStopping: () => false,
        bodyLimitBytes: 1024,
        onUnexpected: () => {},
      },
      incoming,
      outgoing,
      openScope({ clock: handClock(), parents: [] }),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const [reply] = await once(get({ port, host: '127.0.0.1' }), 'response');
    let text = '';
    for await (const piece of reply) text += piece;
    expect(text).toBe('data: "one"\n\ndata: "two"\n\ndata: "three"\n\ndata: [DONE]\n\n');
    expect(heldBack).toEqual([
      0,
      expect.toSatisfy((bytes) => bytes > 0),
      expect.toSatisfy((bytes) => bytes > 0),
    ]);
  } finally {
    server.close();
  }
});
