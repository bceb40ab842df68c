import type { Container } from '../../../src/engines/compose/container.js';
import type { ComposeWish } from '../../../src/engines/compose/order.js';
import { model } from './matrix.js';

/** A container as the guide's line starts it, with whatever a test says otherwise. */
export function container(more: Partial<Container> = {}): Container {
  return {
    id: 'c0ffee',
    name: 'botfactory-llm',
    image: 'ghcr.io/ggml-org/llama.cpp:server-b9300',
    status: 'running',
    running: true,
    restarting: false,
    oomKilled: false,
    exitCode: 0,
    error: '',
    startedAt: '2026-11-25T18:00:00Z',
    pid: 7,
    restarts: 0,
    env: { MODEL_ID: 'microsoft/Phi-3-mini-4k-instruct', QUANTIZE: '' },
    command: [],
    labels: { 'com.docker.compose.project': 'bots', 'com.docker.compose.service': 'llm' },
    published: [{ inner: 11_434, host: '127.0.0.1', port: 11_434 }],
    networks: ['botfactory'],
    memoryLimit: 6 * 1024 ** 3,
    goesWhenStopped: false,
    folders: {},
    gpu: false,
    ...more,
  };
}

/** `up --engine compose` without a word more, with whatever a test says otherwise. */
export function asked(more: Partial<ComposeWish> = {}): ComposeWish {
  return {
    ...{ family: 'llamacpp', gpus: [], hfToken: false, apiKey: false, bind: '127.0.0.1', port: 11_434 },
    ...{ container: 'botfactory-llm', redisContainer: 'botfactory-redis', redisPort: 6379 },
    network: 'botfactory',
    explicit: {},
    ...more,
  };
}

/** The same with a model, as it is typed. */
export const askedModel = (ref: string, more: Partial<ComposeWish> = {}): ComposeWish =>
  asked({ asked: ref, model: model(ref), ...more });
