import { describe, expect, it } from 'vitest';
import { type ServerWish, serverCommand } from '../../../src/engines/native/args.js';

const wish: ServerWish = {
  model: { path: '/models/a b.gguf' },
  name: 'phi3-mini',
  host: '127.0.0.1',
  port: 18080,
  context: 4096,
  slots: 3,
  gpu: 'auto',
  thinking: false,
};
/** The value after a flag. */
const given = (flag: string, changes: Partial<ServerWish> = {}) => {
  const { args } = serverCommand({ ...wish, ...changes });
  const at = args.indexOf(flag);
  return at < 0 ? undefined : args[at + 1];
};
const envOf = (changes: Partial<ServerWish> = {}) => serverCommand({ ...wish, ...changes }).env;

describe('what a llama-server is told', () => {
  it('asks for the context of every slot together, because a given number of slots splits it', () => {
    expect([given('--ctx-size'), given('--parallel')]).toEqual(['12288', '3']);
  });

  it('always names address and port: the default port has moved once', () => {
    expect([given('--host'), given('--port')]).toEqual(['127.0.0.1', '18080']);
  });

  it('serves a file under the name that was asked for, and never fetches anything', () => {
    expect([given('--model'), given('--alias')]).toEqual(['/models/a b.gguf', 'phi3-mini']);
    expect(envOf().LLAMA_ARG_OFFLINE).toBe('1');
  });

  it.each([
    [undefined, 'org/repo'],
    ['', 'org/repo'],
    ['int4', 'org/repo:Q4_K_M'],
    ['int8', 'org/repo:Q8_0'],
    ['q5_k_m', 'org/repo:Q5_K_M'],
    ['IQ3_XXS', 'org/repo:IQ3_XXS'],
  ])('reads the quantisation %o of a hub repository as %s', (quantise, reference) => {
    const model = { repo: 'org/repo', quantise };
    expect(given('--hf-repo', { model })).toBe(reference);
    expect(envOf({ model }).LLAMA_ARG_OFFLINE).toBeUndefined();
  });

  it('names one file of a hub repository', () => {
    const model = { repo: 'org/repo', file: 'sub/model.gguf' };
    expect([given('--hf-repo', { model }), given('--hf-file', { model })]).toEqual([
      'org/repo',
      'sub/model.gguf',
    ]);
  });

  it.each(['gptq', 'awq', 'eetq', 'bitsandbytes-nf4'])('refuses %s, which no GGUF has', (quantise) => {
    expect(() => serverCommand({ ...wish, model: { repo: 'org/repo', quantise } })).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG' }),
    );
  });

  it('keeps the processor to itself with gpu none, and puts every layer on the GPU with all', () => {
    expect([given('--device'), given('--n-gpu-layers')]).toEqual([undefined, undefined]);
    expect(given('--device', { gpu: 'none' })).toBe('none');
    expect(Number(given('--n-gpu-layers', { gpu: 'all' }))).toBeGreaterThan(200);
  });

  it('bounds the memory for old prompts, which would be 8 GiB', () => {
    expect(envOf().LLAMA_ARG_CACHE_RAM).toBe('256');
    expect(envOf({ promptCacheMiB: 0 }).LLAMA_ARG_CACHE_RAM).toBe('0');
  });

  it('turns thinking off, unless the model may', () => {
    expect(envOf()).toMatchObject({ LLAMA_ARG_REASONING: 'off', LLAMA_ARG_THINK_BUDGET: '0' });
    expect(envOf({ thinking: true })).not.toHaveProperty('LLAMA_ARG_REASONING');
  });

  it('has metrics, the model’s own template and no web page; browsers elsewhere are kept out', () => {
    expect(serverCommand(wish).args).toEqual(expect.arrayContaining(['--metrics', '--jinja', '--no-webui']));
    expect(envOf().LLAMA_ARG_CORS_ORIGINS).toBe('localhost');
  });
});
