import type { Way } from './contract.js';
import { freeWay } from './free.js';
import { labelWay, turnsWay } from './label.js';
import { schemaWay } from './schema.js';
import { wordWay } from './word.js';

/** Every way of asking, the default first. */
export const WAYS: readonly Way[] = [schemaWay, turnsWay, labelWay, wordWay, freeWay];
export const DEFAULT_WAY = schemaWay;
