import type { LlmClient } from '../client/client.js';
import type { ErrorCode } from '../errors.js';
import type { GradedAnswer } from './answers.js';

/** So many failures in a row that are not the model's: there is nobody to ask, and the rest is not failed one by one. */
const GIVE_UP_AFTER = 3;
const NOBODY_THERE: ReadonlySet<string> = new Set([
  'ENGINE_UNREACHABLE',
  'ENGINE_NOT_READY',
  'MODEL_NOT_SERVED',
  'UNAUTHORIZED',
] satisfies ErrorCode[]);
/**
 * One bad answer, or an engine whose backend died: vLLM and TGI stay, refuse everything, and say so at `/health`. One
 * that says it is well and refuses all the same is asked a little longer.
 */
const ITS_OWN: ReadonlySet<string> = new Set(['ENGINE_ERROR', 'ENGINE_OVERLOADED'] satisfies ErrorCode[]);
/** So many refusals in a row, and nothing else between them, are no matter of the questions. */
export const REFUSALS = 10;
/** The engine is slow, or it is frozen: its `/health` tells, which only a frozen one leaves unanswered time after time. */
const LOOKS = 3;
const TOO_LATE: ReadonlySet<string> = new Set(['TIMEOUT', 'DEADLINE_EXCEEDED'] satisfies ErrorCode[]);

/** Tells the failed cases of an engine that lives from the silence of one that is gone. */
export interface Unheard {
  /** @returns what counts now: this answer and the failures that it follows; nothing while the engine may be gone */
  take(answer: GradedAnswer): Promise<GradedAnswer[]>;
  /** Nothing more is asked. @returns the last failures, where the engine is still there */
  end(): Promise<GradedAnswer[]>;
  /** Why there is nobody to ask. */
  readonly gone: ErrorCode | undefined;
  /** It is there, and says that it is well: it refuses every question. */
  readonly refuses: boolean;
}

/**
 * A call that failed is a failed case as soon as the engine answers another one. Failures that nothing follows are no
 * cases: an engine that died makes its model no worse.
 */
export function createUnheard({ look }: Pick<LlmClient, 'look'>): Unheard {
  const waiting: GradedAnswer[] = [];
  let anyHeard = false;
  /** Of those that wait: after how many there was nobody. */
  let away = 0;
  let gone: ErrorCode | undefined;
  const isAway = async () => (await look()).state === 'away';
  const staysAway = async () => {
    for (let looks = 0; looks < LOOKS; looks += 1) if (!(await isAway())) return false;
    return true;
  };
  const giveUp = () => {
    gone = (waiting.at(-1)?.error ?? 'ENGINE_UNREACHABLE') as ErrorCode;
  };
  return {
    async take(answer) {
      const { error = '' } = answer;
      const isRefused = ITS_OWN.has(error);
      const isBroken = isRefused && (await look()).state !== 'ready';
      const isFrozen = TOO_LATE.has(error) && (await staysAway());
      // Others may have given up meanwhile.
      if (gone !== undefined) return [];
      const isAlone = isFrozen || isBroken || NOBODY_THERE.has(error);
      if (isAlone || isRefused) {
        waiting.push(answer);
        if (isAlone) away += 1;
        if (isFrozen || away >= GIVE_UP_AFTER || waiting.length >= REFUSALS) giveUp();
        return [];
      }
      anyHeard = true;
      away = 0;
      return [...waiting.splice(0), answer];
    },
    async end() {
      // No question is left that would show whether it lives.
      const isLast = gone === undefined && waiting.length > 0;
      if (isLast && ((!anyHeard && away > 0) || (await isAway()))) giveUp();
      return gone === undefined ? waiting.splice(0) : [];
    },
    get gone() {
      return gone;
    },
    get refuses() {
      return gone !== undefined && away < GIVE_UP_AFTER && waiting.length >= REFUSALS;
    },
  };
}
