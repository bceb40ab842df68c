import type { Redis } from 'ioredis';

/** As an answer of some length lies in Redis: its creation time, then JSON. */
const VALUE_BYTES = 600;
const STEP = 20_000;

/** Answers of two scopes, three tasks and two models, that live for longer than the benchmark. */
const CACHE = `
for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  local scope = ({'-', 'shop'})[i % 2 + 1]
  local task = ({'intent', 'validate', 'menu'})[i % 3 + 1]
  local model = ({'phi3-mini', 'qwen2.5-3b'})[i % 5 % 2 + 1]
  local hash = redis.sha1hex(i) .. string.sub(redis.sha1hex(-i), 1, 24)
  redis.call('SET', 'llm:cache:v1:' .. scope .. ':' .. task .. ':' .. model .. ':' .. hash, ARGV[3], 'PX', 36000000)
end`;

/** What else lies in the same Redis: sessions, quotas, and names that begin almost as ours do. */
const FOREIGN = `
for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  local prefix = ({'session:', 'llm:ratelimit:v1:-:', 'llm:cacheable:', 'my:llm:cache:v1:'})[i % 4 + 1]
  redis.call('SET', prefix .. i, ARGV[3], 'PX', 36000000)
end`;

/** The fastest way that makes keys as they are: Redis writes them itself. */
export async function fill(redis: Redis, what: 'cache' | 'foreign', count: number): Promise<void> {
  const value = `${Date.now()} {"v":1,"text":"`.padEnd(VALUE_BYTES - 2, 'x').concat('"}');
  for (let from = 1; from <= count; from += STEP) {
    const to = Math.min(count, from + STEP - 1);
    await redis.eval(what === 'cache' ? CACHE : FOREIGN, 0, from, to, value);
  }
}
