import { midranks } from './ranks.js';

/**
 * The two-sided signed-rank test of Wilcoxon for paired values, exact, with ties: every way to give the
 * differences their signs is counted. Pairs without a difference tell nothing and are left out.
 * @param differences one a pair; up to a few hundred
 * @returns p, 0 to 1
 */
export function wilcoxonSignedRank(differences: readonly number[]): number {
  const telling = differences.filter((difference) => difference !== 0);
  if (telling.length === 0) return 1;
  // Ranks may be halves, so everything is counted double. chance[s]: how likely the positive ones sum to s.
  const doubled = midranks(telling.map(Math.abs)).map((rank) => Math.round(2 * rank));
  const most = doubled.reduce((sum, rank) => sum + rank, 0);
  const chance = new Float64Array(most + 1);
  chance[0] = 1;
  for (const rank of doubled) {
    for (let s = most; s >= 0; s--) {
      const without = chance[s] ?? 0;
      chance[s] = (without + (s >= rank ? (chance[s - rank] ?? 0) : 0)) / 2;
    }
  }
  const positive = doubled.reduce((sum, rank, at) => sum + ((telling[at] ?? 0) > 0 ? rank : 0), 0);
  const distance = Math.abs(positive - most / 2) - 1e-9;
  const far = chance.reduce((sum, share, s) => sum + (Math.abs(s - most / 2) >= distance ? share : 0), 0);
  return Math.min(1, far);
}
