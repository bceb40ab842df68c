import type { Patient } from './patient.js';

/** `skip`: there was nothing to look at, or no way to. */
export type Verdict = 'ok' | 'warn' | 'fail' | 'skip';

/** A change that is safe enough to be offered: it loses nothing, and takes nobody's engine away. */
export interface Mend {
  /** In words, as a question takes it: `make … readable for you alone`. */
  what: string;
  apply(): Promise<void>;
}

/** What one check found. */
export interface Finding {
  verdict: Verdict;
  /** What was seen. */
  evidence: string;
  /** The command, or the setting, that mends it. */
  fix?: string;
  mend?: Mend;
}

/** One line of the diagnosis; its id is stable, for scripts and for whoever searches for it. */
export interface DiagnosisLine extends Finding {
  id: string;
}

export interface Check {
  id: string;
  /** Longest look, milliseconds; default 10 s. */
  boundMs?: number;
  look(patient: Patient): Promise<Finding> | Finding;
}

export const ok = (evidence: string): Finding => ({ verdict: 'ok', evidence });
export const skip = (evidence: string): Finding => ({ verdict: 'skip', evidence });
export const warn = (evidence: string, fix?: string, mend?: Mend): Finding => ({
  ...{ verdict: 'warn', evidence },
  ...(fix === undefined ? {} : { fix }),
  ...(mend ? { mend } : {}),
});
export const fail = (evidence: string, fix: string, mend?: Mend): Finding => ({
  ...warn(evidence, fix, mend),
  verdict: 'fail',
});
