import { describe, expect, test } from 'vitest';
import { adopt, differencesOf, familyOf } from '../../../src/engines/compose/adopt.js';
import { asked, askedModel, container } from './container-in.js';

describe('a container that the guide’s line started', () => {
  test('is recorded as it is: its project, port, model and folder, and none of its secrets', () => {
    const found = container({
      env: { MODEL_ID: '/weights/mine.gguf', HF_TOKEN: 'hf_secret', LLAMA_API_KEY: 'key' },
      published: [{ inner: 11_434, host: '0.0.0.0', port: 11_500 }],
      folders: { '/weights': '/srv/models' },
    });
    const choice = adopt(found, asked());
    expect(choice).toMatchObject({
      ...{ project: 'bots', model: 'mine', port: 11_500, endpoint: 'http://127.0.0.1:11500', adopted: true },
      env: { MODEL_ID: '/weights/mine.gguf', LLM_WEIGHTS: '/srv/models', BOTLLM_PORT: '11500' },
    });
    expect(JSON.stringify(choice)).not.toMatch(/hf_secret|"key"/);
  });

  test('is taken whatever it serves, where nothing is asked for', () => {
    expect(differencesOf(container(), asked())).toEqual([]);
  });

  test.each(['phi3-mini', 'microsoft/phi-3-mini-4k-instruct'])('serves %s by its id', (ref) => {
    expect(differencesOf(container(), askedModel(ref))).toEqual([]);
  });

  test.each([
    ['a model', askedModel('gemma-2b'), 'model: microsoft/Phi-3-mini-4k-instruct runs, gemma-2b asked for'],
    ['a profile', asked({ profile: 'speed' }), 'model: microsoft/Phi-3-mini-4k-instruct runs'],
    ['another maker’s model of that name', askedModel('bar/Phi-3-mini-4k-instruct'), 'model: microsoft/'],
    ['a quantisation', asked({ quantize: 'int8' }), 'QUANTIZE: default runs, int8 asked for'],
    ['a port', asked({ explicit: { port: 11_500 } }), 'port: 11434 runs, 11500 asked for'],
    ['an address', asked({ explicit: { bind: '0.0.0.0' } }), 'address: 127.0.0.1 runs, 0.0.0.0 asked for'],
    ['a bound of memory', asked({ explicit: { memoryBytes: 1024 } }), 'memory: 6442450944 runs'],
    ['all cards', asked({ explicit: { gpu: 'all' } }), 'gpu: none runs, used asked for'],
    ['a family', asked({ explicit: { family: 'vllm' } }), 'family: llamacpp runs, vllm asked for'],
  ] as const)('differs from %s that is asked for, in words', (_, wish, words) => {
    expect(differencesOf(container(), wish).join('; ')).toContain(words);
  });

  test('a file is meant by its place on the host, and another of that name is another', () => {
    const found = container({
      env: { MODEL_ID: '/weights/a.gguf' },
      folders: { '/weights': '/srv/models' },
    });
    expect(differencesOf(found, askedModel('/srv/models/a.gguf'))).toEqual([]);
    expect(differencesOf(found, askedModel('/weights/a.gguf'))).toEqual([]);
    expect(differencesOf(found, askedModel('/home/me/a.gguf'))).toHaveLength(1);
  });
});

test.each([
  ['vllm/vllm-openai:v0.27.1', 'vllm'],
  ['ollama/ollama:0.32.15', 'ollama'],
  ['ghcr.io/huggingface/text-generation-inference:3.3.7', 'tgi'],
  ['registry.local/llama:mine', 'llamacpp'],
])('the image %s is of family %s', (image, family) => {
  expect(familyOf({ image })).toBe(family);
});
