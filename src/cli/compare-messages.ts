import { inLanguage } from '../language.js';

/** What bench compare says to people. */
export const compareMessages = inLanguage('cli/compare', {
  useShare: 'use a share from 0 to 1000 %, e.g. 10%',
  fewRuns: '~ (fewer than 4 runs cannot show a difference)',
  tooSlow: (verdict: string) => `${verdict}, more than allowed`,
  compareVerdict: (verdict: string) =>
    ({
      faster: 'In all: faster.',
      slower: 'In all: slower.',
      mixed: 'In all: mixed, some figures are faster and some slower.',
      '~': 'In all: ~ (no difference that these runs can show).',
    })[verdict] ?? verdict,
  regressions: (count: number, allowed: number) =>
    count === 0
      ? `Nothing is surely slower by more than ${percent(allowed)}.`
      : `${count} ${count === 1 ? 'figure is' : 'figures are'} surely slower by more than ${percent(allowed)}.`,
  note: (text: string) => `note: ${text}`,
  notCompared: (why: string) => `not compared: ${why}`,
});

const percent = (share: number) => `${Number((share * 100).toFixed(2))} %`;
