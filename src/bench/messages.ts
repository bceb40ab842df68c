import { inLanguage } from '../language.js';

/** What the measuring of speed says to people. */
export const messages = inLanguage('bench', {
  instrumentBroke: 'The measuring process ended before it was done',
  instrumentBrokeHint: 'botllm bench self-test',
  noAnswer: (asked: number, model: string, root: string) =>
    asked === 0
      ? `${model} at ${root} answered nothing`
      : `${model} at ${root} answered none of ${asked} requests`,
  noAnswerHint: 'botllm health --deep, then botllm logs',
  capacityIsJson: (file: string) => `A capacity is written as JSON, and ${file} does not end in .json`,
  brokenCapacity: (file: string) => `${file} is no capacity that can be read`,
  capacityIsJsonHint: 'botllm bench capacity -o capacity.json',
  syntheticBroke: 'The synthetic engine of the self-test could not be started',
});
