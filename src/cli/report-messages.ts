import { HEADLINES } from '../bench/report/headlines.js';
import { inLanguage } from '../language.js';

/** What stands below the tables of a report on a terminal. */
export const reportMessages = inLanguage('cli/report', HEADLINES);
