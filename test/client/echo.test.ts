import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createLlmClient } from '../../src/client/client.js';
import type { Transport, TransportReply } from '../../src/client/transport/contract.js';
import { failure, intent } from './setup.js';

const SECRET = 'Моя карта 4276 1234\n5678 9012, код 042';

/** What the client's error holds when the engine answers so. */
async function told(status: number, message: string): Promise<string> {
  const reply: TransportReply = { status, header: () => null, body: { error: { message } } };
  const transport: Transport = {
    send: async () => reply,
    stream: async () => reply,
    close: async () => {},
  };
  const llm = createLlmClient({ model: 'm', detect: false, store: 'memory', transport, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: SECRET }];
  const errors = [
    await failure(llm.chat({ messages })),
    await failure(llm.completePrompt({ prompt: SECRET })),
    await failure(llm.stream({ messages }).result()),
    (await llm.complete(intent(SECRET))).error,
  ];
  await llm.close();
  return errors.map((error) => inspect(error, { depth: 5, showHidden: true })).join('\n');
}

describe('an engine that quotes what it was asked', () => {
  it.each([
    ['as it is', SECRET],
    ['in a sentence', `Input should be shorter [input_value='${SECRET}', input_type=str]`],
    ['as JSON', JSON.stringify({ content: SECRET })],
    [
      'as JSON in ASCII',
      JSON.stringify(SECRET).replaceAll(
        /[^ -~]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    ],
    ['half of it', SECRET.slice(0, 20)],
  ])('%s does not get it into an error', async (_, message) => {
    for (const status of [400, 500, 200]) {
      const all = await told(status, message);
      expect(all).not.toMatch(/4276 1234|5678 9012|код 042|Моя карта/);
    }
  });

  it('and says something of its own is understood all the same', async () => {
    expect(await told(400, `unknown field response_format: ${SECRET}`)).toContain(
      'unknown field response_format',
    );
  });
});
