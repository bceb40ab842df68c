import { describe, expect, it } from 'vitest';
import { createDetector } from '../../src/client/detect.js';
import type { Transport } from '../../src/client/transport/contract.js';
import { completion } from '../support/fake-engine.js';
import { handClock } from './hand-clock.js';
import { bench, intent } from './setup.js';

type Pages = Record<string, { status?: number; body: unknown } | undefined>;
const signal = new AbortController().signal;

/** A detector in front of pages; a path without one gives no answer at all. */
function over(pages: Pages, options: Partial<Parameters<typeof createDetector>[0]> = {}) {
  const clock = handClock();
  const asked: string[] = [];
  const transport: Transport = {
    async send({ path }) {
      asked.push(path);
      const page = pages[path];
      if (!page) throw new Error('refused');
      return { status: page.status ?? 200, header: () => null, body: page.body };
    },
    stream: () => Promise.reject(new Error('unused')),
    close: async () => {},
  };
  const detector = createDetector({
    transport: async () => transport,
    clock,
    dialect: 'auto',
    enabled: true,
    ...options,
  });
  return { detector, clock, asked, pages };
}

const models = (entry: Record<string, unknown>) => ({ '/v1/models': { body: { data: [entry] } } });

describe('what an engine tells about itself', () => {
  it.each<[string, Pages, string, string | null, number | null, number | null]>([
    [
      'llama-server',
      {
        ...models({ id: 'a', owned_by: 'llamacpp' }),
        '/props': { body: { total_slots: 4, default_generation_settings: { n_ctx: 2048 } } },
      },
      'llamacpp',
      'a',
      4,
      2048,
    ],
    [
      'the embedded engine',
      { ...models({ id: 'b', meta: { n_ctx: 4096 } }), '/health': { body: { status: 'ok', slots: 2 } } },
      'llamacpp',
      'b',
      2,
      4096,
    ],
    [
      'vLLM',
      { ...models({ id: 'c', owned_by: 'vllm', max_model_len: 4096 }), '/health': { body: '' } },
      'vllm',
      'c',
      null,
      4096,
    ],
    ['Ollama', models({ id: 'd', owned_by: 'library' }), 'ollama', 'd', null, null],
    ['TGI', { ...models({ id: 'e/f', owned_by: 'e/f' }), '/health': { body: '' } }, 'tgi', 'e/f', null, null],
    ['somebody else', models({ id: 'g', owned_by: 'acme' }), 'openai', 'g', null, null],
    [
      'llama-server while it loads',
      { '/health': { status: 503, body: { error: { type: 'unavailable_error' } } } },
      'llamacpp',
      null,
      null,
      null,
    ],
    [
      'a web page',
      { '/v1/models': { body: '<html>' }, '/health': { body: '<html>' } },
      'openai',
      null,
      null,
      null,
    ],
    ['nobody', {}, 'openai', null, null, null],
  ])('%s', async (_, pages, family, servedModel, slots, contextTokens) => {
    const facts = await over(pages).detector.facts(signal);
    expect({ ...facts, dialect: facts.dialect.name }).toEqual({
      dialect: family,
      servedModel,
      slots,
      contextTokens,
    });
  });

  it('is asked once, again after a minute, and again when the connection broke', async () => {
    const { detector, clock, asked } = over(models({ id: 'a', owned_by: 'llamacpp' }));
    await Promise.all([detector.facts(signal), detector.facts(signal)]);
    expect(asked).toHaveLength(3);
    await clock.advance(59_000);
    await detector.facts(signal);
    expect(asked).toHaveLength(3);
    await clock.advance(1000);
    await detector.facts(signal);
    expect(asked).toHaveLength(6);
    detector.doubt();
    await detector.facts(signal);
    expect(asked).toHaveLength(6);
    await clock.advance(1000);
    await detector.facts(signal);
    expect(asked).toHaveLength(9);
  });

  it('is remembered when the engine goes away: its answers are still in the cache', async () => {
    const { detector, clock, pages } = over(models({ id: 'a', owned_by: 'llamacpp' }));
    await detector.facts(signal);
    delete pages['/v1/models'];
    await clock.advance(60_000);
    expect(await detector.facts(signal)).toMatchObject({ servedModel: 'a', dialect: { name: 'llamacpp' } });
  });

  it('is remembered when it answers too late to say its name, and only how it is comes in time', async () => {
    const { detector, clock, pages } = over(models({ id: 'a', owned_by: 'llamacpp' }));
    await detector.facts(signal);
    delete pages['/v1/models'];
    pages['/health'] = { body: { status: 'ok' } };
    await clock.advance(60_000);
    expect(await detector.facts(signal)).toMatchObject({ servedModel: 'a', dialect: { name: 'llamacpp' } });
  });

  it('is given one second, and a caller who leaves does not wait for it', async () => {
    const { detector, clock } = over(
      {},
      {
        transport: async () => ({
          send: () => new Promise(() => {}),
          stream: () => new Promise(() => {}),
          close: async () => {},
        }),
      },
    );
    await expect(detector.facts(AbortSignal.abort('gone'))).rejects.toBe('gone');
    const facts = detector.facts(signal);
    await clock.advance(1000);
    expect((await facts).dialect.name).toBe('openai');
  });

  it('a family that was given is not questioned; switched off, nothing is asked', async () => {
    const given = over(models({ id: 'a', owned_by: 'llamacpp' }), { dialect: 'vllm' });
    expect(await given.detector.facts(signal)).toMatchObject({ dialect: { name: 'vllm' }, servedModel: 'a' });
    const off = over(models({ id: 'a' }), { enabled: false });
    expect(await off.detector.facts(signal)).toMatchObject({ servedModel: null });
    expect(off.asked).toEqual([]);
  });

  it('names the model of requests, results and keys where none was configured', async () => {
    const { llm, engine } = await bench({ model: undefined }, { model: 'qwen3-1.7b' });
    expect(await llm.complete(intent('hi'))).toMatchObject({ model: 'qwen3-1.7b' });
    expect(engine.seen[0]?.body.model).toBe('qwen3-1.7b');
    const nameless = await bench({ model: undefined }, { model: null });
    expect(await nameless.llm.complete(intent('hi'))).toMatchObject({ model: 'default' });
  });

  it('gives the number of places at the engine where none was configured', async () => {
    const { llm, engine } = await bench({}, { slots: 1 });
    let busy = 0;
    let most = 0;
    engine.answerWith(async (response, request) => {
      busy += 1;
      most = Math.max(most, busy);
      await completion('{"intent":"help","entities":[]}', { delayMs: 20 })(response, request);
      busy -= 1;
    });
    await Promise.all(['a', 'b', 'c'].map((message) => llm.complete(intent(message))));
    expect(most).toBe(1);
  });
});
