import { inLanguage } from '../language.js';

/** What is wrong with a command line. commander says it in English; other languages know its sentences. */
export const usageMessages = inLanguage('cli/usage', {
  mistake: (commanders: string) => commanders,
});
