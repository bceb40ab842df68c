export interface Sampling {
  temperature: number;
  topP: number;
  seed: number;
}

/** What llama-server takes when a request says nothing. */
export const DEFAULT_SAMPLING = { temperature: 0.8, topP: 0.95 } as const;
export const TOP_K = 40;
export const MIN_P = 0.05;

/**
 * Picks a token the way llama.cpp's chain does (top-k, top-p, min-p, temperature), for the one case where the
 * binding cannot: it gives raw logits only of a step that it sampled greedily.
 * @param top the candidates, best first, with their raw logits
 */
export function pickToken<T>(
  top: readonly (readonly [T, number])[],
  sampling: Sampling,
  random: () => number,
): T {
  const [best] = top;
  if (!best) throw new Error('a step of the model gave no candidates');
  if (sampling.temperature <= 0) return best[0];
  const weights = top.slice(0, TOP_K).map(([token, logit]) => [token, Math.exp(logit - best[1])] as const);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const kept: (readonly [T, number])[] = [];
  let mass = 0;
  for (const [token, weight] of weights) {
    if (kept.length > 0 && (mass >= sampling.topP * total || weight < MIN_P)) break;
    mass += weight;
    kept.push([token, weight ** (1 / sampling.temperature)]);
  }
  let point = random() * kept.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [token, weight] of kept) {
    point -= weight;
    if (point < 0) return token;
  }
  return kept[kept.length - 1]?.[0] ?? best[0];
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
