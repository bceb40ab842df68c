/** Turns tokens into text. */
export type Detokenize = (tokens: readonly number[], before: readonly number[]) => string;

const REPLACEMENT = '\uFFFD';
/** A character has at most 4 bytes, so after 4 tokens of one byte each nothing is missing any more. */
const LONGEST_CHARACTER = 4;
/** Tokens before that some vocabularies need to know whether a space comes first. */
const TOKENS_BEFORE = 4;

/**
 * Text of a stream of tokens. A token may be half a character (an emoji, a Cyrillic letter): it is held back
 * until the character is whole.
 */
export class TokenText {
  private pending: number[] = [];
  private before: number[] = [];

  constructor(private readonly detokenize: Detokenize) {}

  push(token: number): string {
    this.pending.push(token);
    const text = this.detokenize(this.pending, this.before);
    if (text.endsWith(REPLACEMENT) && this.pending.length < LONGEST_CHARACTER) return '';
    return this.take(text);
  }

  /** Half a character at the end is dropped: no client can show it. */
  end(): string {
    if (this.pending.length === 0) return '';
    return this.take(this.detokenize(this.pending, this.before)).replace(/\uFFFD+$/, '');
  }

  private take(text: string): string {
    this.before = [...this.before, ...this.pending].slice(-TOKENS_BEFORE);
    this.pending = [];
    return text;
  }
}
