import { expect, test } from 'vitest';
import type { Served } from '../../src/cli/bench-served.js';
import { servedFacts } from '../../src/cli/served-facts.js';
import { DIALECTS } from '../../src/client/dialects/list.js';
import type { EngineStatus } from '../../src/engines/status.js';

function served(engine: Partial<EngineStatus>, dialect: keyof typeof DIALECTS = 'llamacpp'): Served {
  return {
    engine: { engine: 'remote', state: 'ready', ...engine },
    facts: { dialect: DIALECTS[dialect], servedModel: 'm', slots: null, contextTokens: 4096 },
    served: { root: 'http://user:pass@10.0.0.5:1/', model: 'm', dialect },
  };
}

test('an engine that somebody else runs is named by what it speaks, and its password is not told', () => {
  const facts = servedFacts(served({}, 'vllm'), {});
  expect(facts).toEqual({
    ...{ id: 'm', model: 'm', engine: 'remote', family: 'vllm', ctx: 4096, base_url: 'http://10.0.0.5:1' },
    ...{ started: false, hw: { device: 'unknown', gpu: [] } },
  });
  // Everybody speaks like OpenAI.
  expect(servedFacts(served({}, 'openai'), {})).not.toHaveProperty('family');
});

test('a container is named by family, image and cards', () => {
  const container = {
    ...{ name: 'llm', image: 'vllm:1', family: 'vllm', status: 'running', restarts: 0 },
    ...{ gpus: ['0', '1'], weights: 'FP8' },
  };
  const facts = servedFacts(served({ engine: 'compose', device: 'GPU', container }), { bytes: 7 });
  expect(facts).toMatchObject({ engine: 'compose', family: 'vllm', image: 'vllm:1', quant: 'FP8' });
  expect(facts).toMatchObject({ weights_bytes: 7, hw: { device: 'gpu', gpu: ['0', '1'] } });
});

test('an engine of one’s own on a card is named with that card', () => {
  const engine = { engine: 'embedded', version: '1.2.3', device: 'cuda: NVIDIA L4 (29 layers)' } as const;
  expect(servedFacts(served(engine), {})).toMatchObject({
    ...{ engine: 'embedded', engine_version: '1.2.3' },
    hw: { device: 'gpu', gpu: ['cuda: NVIDIA L4 (29 layers)'] },
  });
  expect(servedFacts(served({ engine: 'embedded', device: 'cpu' }), {}).hw).toEqual({
    device: 'cpu',
    gpu: [],
  });
});
