import { setTimeout as sleep } from 'node:timers/promises';
import { ask, user, words } from './ask.js';
import type { Contestant } from './contestants.js';

/** How much work each figure takes. */
export interface Size {
  prefill: number;
  decode: number;
  clientPrompt: number;
  clientAnswer: number;
  clients: readonly number[];
}

export const FULL: Size = { prefill: 512, decode: 96, clientPrompt: 150, clientAnswer: 32, clients: [4, 8] };
export const QUICK: Size = { prefill: 160, decode: 24, clientPrompt: 40, clientAnswer: 12, clients: [4, 8] };

/** An answer under it goes on as long as it may: its length is the limit, the same for both engines. */
const SCHEMA = {
  response_format: {
    type: 'json_schema',
    json_schema: {
      name: 'answer',
      schema: {
        type: 'object',
        properties: { intent: { enum: ['book', 'cancel', 'unknown'] }, note: { type: 'string' } },
        required: ['intent', 'note'],
        additionalProperties: false,
      },
    },
  },
};

export type Figures = Record<string, number>;

/** Everything that is measured on the 1.4 B shape, by name. Tokens a second, unless the name says otherwise. */
export async function measure(engine: Contestant, key: string, size: Size): Promise<Figures> {
  const figures: Figures = {};
  await ask(engine, { messages: user(words(`${key} warm`, 20)), max_tokens: 4 });

  const prompt = await ask(engine, { messages: user(words(`${key} prefill`, size.prefill)), max_tokens: 1 });
  figures.prefill = perSecond(prompt.usage.prompt_tokens, prompt.firstMs);

  const answer = await ask(engine, { messages: user(words(`${key} decode`, 16)), max_tokens: size.decode });
  figures.decode = perSecond(answer.usage.completion_tokens - 1, answer.totalMs - answer.firstMs);

  for (const n of size.clients) figures[`${n} clients`] = await together(engine, `${key} ${n}`, n, size);
  for (const n of [1, ...size.clients])
    figures[`schema, ${n}`] = await together(engine, `${key} schema ${n}`, n, size, SCHEMA);

  const system = { role: 'system', content: words(`${key} system`, size.prefill) };
  const body = (text: string) => ({ messages: [system, ...user(words(text, 12))], max_tokens: 1 });
  await ask(engine, body(`${key} one`));
  const { usage } = await ask(engine, body(`${key} two`));
  figures['tail, tokens'] = usage.prompt_tokens - usage.prompt_tokens_details.cached_tokens;

  const resident = engine.residentBytes();
  if (resident !== undefined) figures['memory, MB'] = resident / 1e6;
  return figures;
}

/** Output tokens of all clients together, over the time from the first request to the last byte. */
async function together(
  engine: Contestant,
  key: string,
  n: number,
  size: Size,
  format = {},
): Promise<number> {
  const startedAt = performance.now();
  const replies = await Promise.all(
    Array.from({ length: n }, (_, i) =>
      ask(engine, {
        ...format,
        messages: user(words(`${key} client ${i}`, size.clientPrompt)),
        max_tokens: size.clientAnswer,
      }),
    ),
  );
  const tokens = replies.reduce((sum, { usage }) => sum + usage.completion_tokens, 0);
  return perSecond(tokens, performance.now() - startedAt);
}

/** On the real 135 M model: seconds until an abort during a long prompt settles, and a newcomer's first token. */
export async function measureWaits(engine: Contestant, key: string): Promise<Figures> {
  const long = (text: string) => ({
    messages: user(`${text}. ${'The quick brown fox jumps over the lazy dog. '.repeat(186)}`),
    max_tokens: 1,
  });
  const INTO_PREFILL_MS = 100;
  await ask(engine, { messages: user('Say hello.'), max_tokens: 1 });

  const gone = new AbortController();
  const aborted = ask(engine, long(`${key} a`), gone.signal).catch(() => undefined);
  await sleep(INTO_PREFILL_MS);
  const abortedAt = performance.now();
  gone.abort();
  await aborted;
  while (!(await engine.isIdle())) await sleep(5);
  const settle = (performance.now() - abortedAt) / 1000;

  const enough = new AbortController();
  const busy = ask(engine, long(`${key} b`), enough.signal).catch(() => undefined);
  await sleep(INTO_PREFILL_MS);
  const newcomer = await ask(engine, { messages: user(`${key}: say hello.`), max_tokens: 1 });
  enough.abort();
  await busy;
  return { 'settle, s': settle, 'newcomer, s': newcomer.firstMs / 1000 };
}

function perSecond(tokens: number, ms: number): number {
  return (tokens / ms) * 1000;
}
