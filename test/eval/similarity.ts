/** A text as people compare it: case, accents, digits' values, punctuation and placeholders' names do not count. */
function trigrams(text: string): Set<string> {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\{+[^{}]*\}+/g, ' ')
    .replaceAll('ё', 'е')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const padded = `  ${plain === '' ? text : plain}  `;
  return new Set(Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3)));
}

/** Pairs whose Jaccard index over character trigrams is at least `limit`, within `texts` or against `others`. */
export function nearDuplicates(
  texts: readonly string[],
  limit: number,
  others: readonly string[] = texts,
): [string, string][] {
  const own = texts === others;
  const right = others.map((text) => [text, trigrams(text)] as const);
  return texts.flatMap((text, at) => {
    const mine = trigrams(text);
    return (own ? right.slice(at + 1) : right).flatMap(([other, theirs]): [string, string][] => {
      let shared = 0;
      for (const piece of mine) if (theirs.has(piece)) shared += 1;
      return shared / (mine.size + theirs.size - shared) >= limit ? [[text, other]] : [];
    });
  });
}
