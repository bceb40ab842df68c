import { setTimeout as sleep } from 'node:timers/promises';
import { isBotllmError } from '../errors.js';
import { type Check, type DiagnosisLine, type Finding, warn } from './check.js';
import { CHECKS } from './checks/list.js';
import { SAY } from './messages.js';
import type { Patient } from './patient.js';

const BOUND_MS = 10_000;

/** Looks at everything at once; the lines come in the order of the list, each within its own bound. */
export async function diagnose(
  patient: Patient,
  checks: readonly Check[] = CHECKS,
): Promise<DiagnosisLine[]> {
  return Promise.all(checks.map(async (check) => ({ id: check.id, ...(await bounded(check, patient)) })));
}

async function bounded({ look, boundMs = BOUND_MS }: Check, patient: Patient): Promise<Finding> {
  const done = new AbortController();
  const late = sleep(boundMs, warn(SAY.noAnswerIn(boundMs / 1_000)), { signal: done.signal });
  try {
    return await Promise.race([Promise.resolve(patient).then(look), late]);
  } catch (error) {
    patient.signal.throwIfAborted();
    if (!isBotllmError(error))
      return warn(SAY.notLooked(error instanceof Error ? error.message : String(error)));
    return warn([error.message, error.detail].filter(Boolean).join(': '), error.hint);
  } finally {
    done.abort();
    late.catch(() => undefined);
  }
}
