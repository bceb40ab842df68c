import type { ControlledEvaluateIndexOutput, ControlledEvaluateInputItem, Token } from 'node-llama-cpp';
import type { TokenLogprob, TokenName } from './generation.js';

/** Logits of one step as the model gave them: untouched, because the step itself is sampled greedily. */
export interface RawStep {
  /** Best first. */
  top: [Token, number][];
  logprobOf: (token: Token) => number;
}

/**
 * Asks a step for its raw logits. The binding gives them after its sampler chain; at temperature 0 without a
 * grammar that chain picks the largest and changes none.
 * `includeSelected` brings the largest in; the binding's `includeMax` (3.22) adds it only where it is already.
 * @param wanted tokens whose logits are needed whatever their rank
 * @param top how many of the best; 0 spares a sort of the whole vocabulary
 */
export function rawInput(token: Token, wanted: readonly Token[], top: number): ControlledEvaluateInputItem {
  return [
    token,
    {
      generateNext: {
        token: true,
        totalLogitWeight: true,
        logits: { filter: { tokens: wanted, includeSelected: true, includeTop: top } },
        options: { temperature: 0 },
      },
    },
  ];
}

export function readRawStep(output: ControlledEvaluateIndexOutput | undefined): RawStep {
  const { logits, totalLogitWeight } = output?.next ?? {};
  if (!logits || totalLogitWeight === undefined) throw new Error('the binding gave no logits');
  const top = [...logits].sort((a, b) => b[1] - a[1]);
  const max = top[0]?.[1] ?? 0;
  // totalLogitWeight is the sum of exp(logit - max) over the whole vocabulary: the softmax's denominator.
  const logSum = max + Math.log(totalLogitWeight);
  return { top, logprobOf: (token) => (logits.get(token) ?? Number.NEGATIVE_INFINITY) - logSum };
}

export function tokenLogprob(
  token: Token,
  step: RawStep,
  alternatives: number,
  nameOf: (token: Token) => TokenName,
): TokenLogprob {
  return {
    ...nameOf(token),
    logprob: step.logprobOf(token),
    top: step.top
      .slice(0, alternatives)
      .map(([other]) => ({ ...nameOf(other), logprob: step.logprobOf(other) })),
  };
}
