/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, at(before, j - 2) + 1);
      }
      row.push(best);
    }
    before = above;
    above = row;
  }
  return at(above, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY;

/**
 * The names that a mistyped one may have meant, the likeliest first, at most three: those that begin with
 * it or hold it (`qwen3` → `qwen3-1.7b`), and those at most a third of its letters away.
 */
export function nearest(typed: string, names: readonly string[]): string[] {
  const word = typed.toLowerCase().slice(0, 100);
  const allowed = Math.max(1, Math.floor(word.length / 3));
  return names
    .map((name) => {
      const known = name.toLowerCase();
      const holds = word.length >= 3 && known.includes(word);
      return { name, far: holds ? 0 : editDistance(word, known) };
    })
    .filter(({ far }) => far <= allowed)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
}
