import type { LlamaModel, Token } from 'node-llama-cpp';

/** Text up to this long is tokenised in one go: milliseconds, even for what tokenizers find hard. */
const AT_ONCE = 16 * 1024;

/**
 * The tokens of a rendered prompt: special tokens are read as such, and it begins with one BOS where the model
 * wants one, never two (templates often write it themselves).
 *
 * Half a megabyte of emoji keeps a byte-fallback tokenizer busy for 20 s, and nobody else is served meanwhile.
 * So a long text is first counted in parts, and only one that may fit is tokenised as a whole.
 * @returns the tokens, or only their number (counted in parts, so a token or two more) when there are too many
 */
export async function promptTokens(
  model: LlamaModel,
  text: string,
  contextTokens: number,
  signal: AbortSignal,
): Promise<{ tokens: Token[] } | { tooMany: number }> {
  if (text.length > AT_ONCE) {
    let count = 0;
    for (let from = 0; from < text.length; from += AT_ONCE) {
      signal.throwIfAborted();
      count += model.tokenize(text.slice(from, from + AT_ONCE), true).length;
      await new Promise(setImmediate);
    }
    // A cut adds tokens: at most a few at each seam.
    const seams = Math.ceil(text.length / AT_ONCE);
    if (count - seams * 4 >= contextTokens) return { tooMany: count };
  }
  const tokens = model.tokenize(text, true);
  const { bos, shouldPrependBosToken } = model.tokens;
  if (shouldPrependBosToken && bos !== null && tokens[0] !== bos) tokens.unshift(bos);
  return { tokens };
}
