import type { Slo } from '../bench/trace/slo.js';
import { BotllmError } from '../errors.js';
import { benchMessages } from './bench-messages.js';

/**
 * The limit of a capacity: of the whole answer, in milliseconds.
 * @param hint how it is spelt here
 * @throws BotllmError `USAGE` for another limit, or for several
 */
export function onlyE2e(slo: Slo | undefined, hint: string): number | undefined {
  if (slo === undefined) return undefined;
  const { e2el, ...others } = slo;
  if (e2el === undefined || Object.keys(others).length > 0) {
    throw new BotllmError('USAGE', benchMessages.capacitySlo, { hint });
  }
  return e2el;
}
