import { inLanguage } from '../language.js';

/** What `try` says to somebody who asks line by line. */
export const tryWords = inLanguage('cli/try', {
  hello: (model: string) => `asking ${model}; /help lists what else can be typed, Ctrl-D leaves`,
  head: [
    '/prompt          show what the model is asked, with your last line',
    '/cache           take answers from the cache, or always ask the model',
    '//text           ask what begins with a slash',
    '/help            this',
    '/exit            leave (Ctrl-D); Ctrl-C stops an answer, and leaves where there is none',
  ].join('\n'),
  empty: 'nothing was asked yet',
  unknown: (word: string) => `There is no ${word}; /help lists what there is`,
  needsValue: (word: string) => `${word} needs a value behind it`,
  isNow: (name: string, value: string) => `${name}: ${value}`,
  cacheOn: 'answers may come from the cache',
  cacheOff: 'every answer comes from the model',
  stopped: 'stopped',
  tokens: (count: number, perSecond: string) => `${count} tokens, ${perSecond} tok/s over the whole call`,
});
