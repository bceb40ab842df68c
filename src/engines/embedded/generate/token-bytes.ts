/** The bytes that a token stands for, or null where the vocabulary's way of writing them is not known. */
export type TokenBytes = (token: number) => number[] | null;

export interface Vocabulary {
  /** `tokenizer.ggml.model`. */
  model?: string | undefined;
  /** `tokenizer.ggml.tokens`, as the file writes them. */
  tokens?: readonly string[] | undefined;
}

/**
 * A token may be half a letter (most Cyrillic ones are, in small vocabularies): its text cannot be shown, but
 * whoever adds up probabilities of a Russian word needs its bytes. The file has them, in one of two spellings.
 */
export function tokenBytesOf({ model, tokens = [] }: Vocabulary): TokenBytes {
  const read = model === 'gpt2' ? readByteLevel : model === 'llama' ? readSentencePiece : null;
  return (token) => {
    const text = tokens[token];
    return text === undefined || read === null ? null : read(text);
  };
}

/** SentencePiece: `▁` is a blank, `<0x41>` a single byte. */
function readSentencePiece(text: string): number[] {
  const byte = /^<0x([0-9A-F]{2})>$/i.exec(text)?.[1];
  if (byte !== undefined) return [Number.parseInt(byte, 16)];
  return [...Buffer.from(text.replaceAll('▁', ' '), 'utf8')];
}

/** Byte-level BPE of GPT-2: every byte is written as one printable character. */
function readByteLevel(text: string): number[] {
  const bytes = [...text].map((char) => BYTE_OF_CHAR.get(char));
  // An added token, as those of a chat template, is written as it is.
  if (bytes.includes(undefined)) return [...Buffer.from(text, 'utf8')];
  return bytes as number[];
}

/** GPT-2's `bytes_to_unicode`: printable bytes stand for themselves, the others follow from U+0100. */
const BYTE_OF_CHAR = new Map<string, number>();
let next = 0x100;
for (let byte = 0; byte < 256; byte++) {
  const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  BYTE_OF_CHAR.set(String.fromCodePoint(printable ? byte : next++), byte);
}
