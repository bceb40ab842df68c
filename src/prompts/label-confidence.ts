import type { LabelQuestion } from './prompt-config.js';

/** One token of an answer with its likeliest rivals, in OpenAI's chat shape. */
export interface TokenProbability {
  token: string;
  /** Natural logarithm of the token's probability. */
  logprob: number;
  /** The token's bytes, where the engine gives them: a token may end in the middle of a letter. */
  bytes?: readonly number[] | null | undefined;
  top_logprobs?: readonly Omit<TokenProbability, 'top_logprobs'>[] | undefined;
}

/** A token or a label as bytes, one per UTF-16 unit, so that half a letter can be compared. */
type Bytes = string;

/**
 * Probability of the chosen label renormalised over the allowed ones: at every token where the labels that are
 * still possible part, p = Σ p(alternatives that can still become the chosen label) ÷ Σ p(alternatives that can
 * still become any of them); the product over these tokens. What the model would rather have said outside the
 * list (a quote in another style, a line break) cancels out. An alternative that several labels begin with
 * counts for each of them; the next token decides between these.
 * @returns 0 to 1, or null where the label cannot be found among the tokens
 */
export function labelConfidence(
  tokens: readonly TokenProbability[],
  question: LabelQuestion,
  chosen: string,
): number | null {
  const texts = tokens.map(bytesOf);
  const start = labelStart(texts.join(''), question.property, chosen);
  if (start === null || !question.labels.includes(chosen)) return null;

  const closed = (label: string) => `${utf8(label)}"`;
  const target = closed(chosen);
  let possible = question.labels.map(closed);
  let confidence = 1;
  let from = 0;
  for (const [index, token] of tokens.entries()) {
    const text = texts[index] ?? '';
    const to = from + text.length;
    if (to > start && from < start + target.length && possible.length > 1) {
      if (!token.top_logprobs?.length) return null;
      // A token may begin before the label, with the opening quote or more.
      const lead = from < start ? text.slice(0, start - from) : '';
      const done = target.slice(0, Math.max(0, from - start));
      const after = done + text.slice(lead.length);
      const ratio = shareOf(token, { lead, done, target, possible });
      if (possible.some((label) => !agrees(after, label))) confidence *= ratio;
      possible = possible.filter((label) => agrees(after, label));
    }
    from = to;
  }
  return Math.min(1, Math.max(0, confidence));
}

/** Offset of the label's first byte: behind the last `"property": "` that the chosen label follows. */
function labelStart(text: Bytes, property: string, chosen: string): number | null {
  const pattern = new RegExp(
    `"${escapeRegExp(utf8(property))}"\\s*:\\s*"(?=${escapeRegExp(utf8(chosen))}")`,
    'g',
  );
  let start: number | null = null;
  for (const match of text.matchAll(pattern)) start = match.index + match[0].length;
  return start;
}

interface Position {
  /** What the token carries before the label begins. */
  lead: Bytes;
  /** The part of the label that earlier tokens gave. */
  done: Bytes;
  target: Bytes;
  possible: readonly Bytes[];
}

function shareOf(token: TokenProbability, { lead, done, target, possible }: Position): number {
  let chosen = 0;
  let any = 0;
  for (const alternative of alternatives(token)) {
    const text = bytesOf(alternative);
    // Shorter than the lead: it has not reached the label, and every label is still open.
    const after = lead.startsWith(text)
      ? done
      : text.startsWith(lead)
        ? done + text.slice(lead.length)
        : null;
    if (after === null) continue;
    const probability = Math.exp(alternative.logprob);
    if (agrees(after, target)) chosen += probability;
    if (possible.some((label) => agrees(after, label))) any += probability;
  }
  return any > 0 ? chosen / any : 0;
}

/** The rivals and the token itself, which engines leave out of the list when it is not among the likeliest. */
function alternatives(token: TokenProbability): readonly TokenProbability[] {
  const rivals = token.top_logprobs ?? [];
  const own = bytesOf(token);
  return rivals.some((rival) => bytesOf(rival) === own) ? rivals : [...rivals, token];
}

function agrees(text: Bytes, label: Bytes): boolean {
  return text.length < label.length ? label.startsWith(text) : text.startsWith(label);
}

function bytesOf(token: Pick<TokenProbability, 'token' | 'bytes'>): Bytes {
  return token.bytes ? Buffer.from(token.bytes).toString('latin1') : utf8(token.token);
}

function utf8(text: string): Bytes {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
