import { describe, expect, test } from 'vitest';
import { chooseGpus } from '../../src/cli/compose-wish.js';
import {
  INFO_NVIDIA,
  INFO_PLAIN,
  machine,
  NVML_MISMATCH,
  ONE_L4,
  recorded,
  TWO_CARDS,
} from '../engines/compose/recorded.js';

/** Machines that this one is not: what their nvidia-smi and docker info printed. */
const MACHINES = {
  'one card': { 'nvidia-smi': ONE_L4, 'docker info': INFO_NVIDIA },
  'two cards': { 'nvidia-smi': TWO_CARDS, 'docker info': INFO_NVIDIA },
  'a card without the toolkit': { 'nvidia-smi': ONE_L4, 'docker info': INFO_PLAIN },
  'a broken driver': { 'nvidia-smi': NVML_MISMATCH, 'docker info': INFO_NVIDIA },
  'no card': {},
} as const;

const choose = (
  name: keyof typeof MACHINES,
  asked?: 'auto' | 'none' | 'all',
  settings: { llmGpu?: string; llmRuntime?: string } = {},
) => chooseGpus({ settings }, machine(MACHINES[name]), asked);

describe('the cards of a container (recorded outputs, no card was at hand)', () => {
  test.each([
    ['one card', 'auto', ['0'], undefined],
    ['one card', 'none', [], 'none'],
    ['two cards', 'auto', ['0'], undefined],
    ['two cards', 'all', ['0', '1'], undefined],
    ['a card without the toolkit', 'auto', [], 'no-runtime'],
    ['a broken driver', 'auto', [], undefined],
    ['no card', 'auto', [], undefined],
  ] as const)('%s, --gpu %s: %j, unused because of %s', async (name, asked, given, unused) => {
    const choice = await choose(name, asked);
    expect([choice.given, choice.unused]).toEqual([given, unused]);
  });

  test('all, where there are none, leave it to Docker to say why it cannot', async () => {
    expect((await choose('no card', 'all')).given).toEqual(['0']);
  });

  test('LLM_GPU names them, and LLM_RUNTIME is Docker’s own word', async () => {
    expect((await choose('two cards', 'auto', { llmGpu: '1' })).given).toEqual(['1']);
    expect((await choose('two cards', 'auto', { llmGpu: 'all' })).given).toEqual(['0', '1']);
    expect((await choose('a card without the toolkit', 'auto', { llmRuntime: 'nvidia' })).given).toEqual([
      '0',
    ]);
  });

  test('an empty list of cards is none', async () => {
    const run = machine({ 'nvidia-smi': recorded(''), 'docker info': INFO_NVIDIA });
    expect(await chooseGpus({ settings: {} }, run)).toEqual({ present: [], given: [] });
  });
});
