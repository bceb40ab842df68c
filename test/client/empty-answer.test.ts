import { expect, test } from 'vitest';
import { completion, streamed } from '../support/fake-engine.js';
import { bench, failure } from './setup.js';

const messages = [{ role: 'user' as const, content: 'Hello' }];
/** It speaks our language, so nothing is said of its address. */
const EMPTY = {
  code: 'INVALID_RESPONSE',
  message: expect.stringContaining('before its first word'),
  hint: expect.stringContaining('another model'),
};

test('a model that ends before its first word is no wrong server', async () => {
  const { engine, llm } = await bench();
  engine.answerWith(completion(''));
  expect(await failure(llm.chat({ messages }))).toMatchObject(EMPTY);
});

test('nor is one that does so in a stream', async () => {
  const { engine, llm } = await bench();
  engine.answerWith(streamed([]));
  const read = async () => {
    for await (const _ of await llm.stream({ messages }));
  };
  expect(await failure(read())).toMatchObject(EMPTY);
});
