import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf, messages } from '../../support/engine-asker.js';
import { tinyEngine } from '../../support/tiny-engine.js';

const CONTEXT = 512;
const { engine, ask } = await tinyEngine();

describe('the context', () => {
  it('may be used by one request to its last token, and ends it there without forgetting anything', async () => {
    const reply = await ask.chat({
      messages: [{ role: 'user', content: 'x '.repeat(150) }],
      stop: ['\u0000never'],
    });
    expect(reply.choices[0]?.finish_reason).toBe('length');
    expect(reply.usage.total_tokens).toBe(CONTEXT);
  });

  it('refuses a longer prompt with 400 naming both numbers', async () => {
    for (const repeat of [300, 5000, 250_000]) {
      const { status, error } = await ask.refused('/v1/chat/completions', {
        messages: [{ role: 'user', content: 'й '.repeat(repeat) }],
      });
      expect(status).toBe(400);
      expect(error).toMatchObject({ type: 'exceed_context_size_error', n_ctx: CONTEXT });
      // Each pair is three tokens here: two bytes and a blank.
      expect(error.n_prompt_tokens).toBeGreaterThanOrEqual(repeat * 3);
      expect(error.message).toContain(String(error.n_prompt_tokens));
      expect(error.message).toContain(String(CONTEXT));
    }
  });

  it('is reused as far as two prompts are alike', async () => {
    const system = { role: 'system', content: 'You sort messages of a barber shop. '.repeat(5) };
    const about = (content: string) =>
      ask.chat({ messages: [system, { role: 'user', content }], max_tokens: 2 });
    await about('one');
    const second = await about('two');
    const shared = second.usage.prompt_tokens_details.cached_tokens;
    expect(shared).toBeGreaterThan(150);
    expect(shared).toBeLessThan(second.usage.prompt_tokens);
    expect(second.timings.cache_n).toBe(shared);
    expect(second.timings.prompt_n).toBe(second.usage.prompt_tokens - shared);
  });

  it('gives the same answer from its cache as without it', async () => {
    const question = { messages: [{ role: 'user', content: 'a fresh question 8271' }], max_tokens: 20 };
    const cold = await ask.chat(question);
    const warm = await ask.chat(question);
    expect(warm.usage.prompt_tokens_details.cached_tokens).toBe(warm.usage.prompt_tokens - 1);
    expect(contentOf(warm)).toBe(contentOf(cold));
  });
});

describe('refusals', () => {
  it.each([
    ['no messages', '/v1/chat/completions', {}, 400],
    ['empty messages', '/v1/chat/completions', { messages: [] }, 400],
    ['a wrong type', '/v1/chat/completions', { messages: 'hi' }, 400],
    ['two choices', '/v1/chat/completions', { messages, n: 2 }, 400],
    ['no prompt', '/v1/completions', {}, 400],
    ['an unknown path', '/v1/embeddings', { input: 'x' }, 404],
    ['a wrong method', '/health', {}, 405],
    [
      'a body over 1 MiB',
      '/v1/chat/completions',
      { messages: [{ role: 'user', content: 'x'.repeat(1_100_000) }] },
      413,
    ],
  ])('%s', async (_name, path, body, status) => {
    const reply = await ask.refused(path, body);
    expect(reply.status).toBe(status);
    expect(reply.error).toMatchObject({
      code: status,
      message: expect.any(String),
      type: expect.any(String),
    });
    expect(JSON.stringify(reply.error)).not.toMatch(/\bat .*\.(js|ts):\d+/);
  });

  it('are all that nonsense gets: never a 5xx, never a crash', async () => {
    const nonsense = fc.oneof(
      fc.json({ maxDepth: 2 }),
      fc.string(),
      fc
        .record(
          {
            messages: fc.oneof(
              fc.anything(),
              fc.array(
                fc.record({ role: fc.constantFrom('user', 'system', 'assistant'), content: fc.string() }),
              ),
            ),
            max_tokens: fc.oneof(fc.constant(1), fc.anything()),
            temperature: fc.anything(),
            stop: fc.anything(),
            seed: fc.oneof(fc.integer(), fc.double()),
            response_format: fc.oneof(
              fc.anything(),
              fc.record({ type: fc.constant('json_object'), schema: fc.object() }),
            ),
            stream: fc.anything(),
          },
          { requiredKeys: ['messages', 'max_tokens'] },
        )
        .map((body) => JSON.stringify(body, (_key, value) => (typeof value === 'bigint' ? null : value))),
    );
    await fc.assert(
      fc.asyncProperty(
        nonsense,
        fc.constantFrom('/v1/chat/completions', '/v1/completions'),
        async (body, path) => {
          const reply = await fetch(engine.url + path, { method: 'POST', body });
          await reply.text();
          expect(reply.status, body).toBeLessThan(500);
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });

  it('come in a stream as a proper status, before its first byte', async () => {
    const reply = await engine.post('/v1/chat/completions', {
      messages: [{ role: 'user', content: 'x '.repeat(600) }],
      stream: true,
    });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: { type: 'exceed_context_size_error' } });
  });

  it('meet foreign web pages', async () => {
    const reply = await fetch(`${engine.url}/v1/models`, { headers: { origin: 'http://evil.example' } });
    expect(reply.status).toBe(403);
  });

  it('leave the engine as it was: no crash, no slot lost', async () => {
    expect(await engine.metric('llamacpp:requests_processing')).toBe(0);
    expect(engine.log.filter((line) => line.level === 'error')).toEqual([]);
    expect((await engine.health()).status).toBe('ok');
  });
});

describe('the log', () => {
  it('tells of requests, and holds nothing of what was said', async () => {
    const reply = await ask.chat({
      messages: [{ role: 'user', content: 'unmistakable-secret-word' }],
      max_tokens: 30,
    });
    const line = engine.log.at(-1);
    expect(line).toMatchObject({ event: 'request', predictedTokens: 30 });
    expect(engine.stderr).not.toContain('unmistakable-secret-word');
    expect(engine.stderr).not.toContain(JSON.stringify(contentOf(reply)).slice(1, 12));
  });
});
