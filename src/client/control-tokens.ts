/**
 * What chat templates use to mark turns, texts and media. Engines read these inside a message as well, so its
 * author could end his turn and speak as somebody else. Families: ChatML, Llama 2 and 3, Phi, Gemma, Mistral,
 * DeepSeek, Qwen, GLM, EXAONE, T5, BERT, fill-in-the-middle.
 */
const TURN = [
  '<[|｜][^<>|｜\\n]{1,40}[|｜]>',
  '\\[[|｜][^[\\]|｜\\n]{1,40}[|｜]\\]',
  '</?(?:s|bos|eos|pad|unk|mask|sep|cls|sop|eop|eoh|eoa|(?:start|end)_of_(?:turn|image|utterance))>',
  '<(?:image|fim_(?:prefix|middle|suffix)|(?:unused|reserved_|extra_id_)\\d{1,5})>',
  '\\[/?(?:INST|SYSTEM_PROMPT|MODEL_SETTINGS|BOS|EOS|PAD|UNK|CLS|SEP|MASK|[gs]MASK|IMG|IMG_BREAK|IMG_END)\\]',
  '<</?SYS>>',
];
/** What marks thoughts and tools: a developer's text may speak of them, a user's has no business to. */
const THOUGHT_AND_TOOL = [
  '</?(?:think|tool_calls?|tool_response|function_call)>',
  '\\[/?(?:THINK|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|ARGS|CALL_ID)\\]',
];

export type Author = 'user' | 'developer';

const TOKENS: Readonly<Record<Author, RegExp>> = {
  user: new RegExp([...TURN, ...THOUGHT_AND_TOOL].join('|'), 'giu'),
  developer: new RegExp(TURN.join('|'), 'giu'),
};

/** Without one of these there is no token, in whatever disguise. */
const OPENING = /[<[＜﹤［]/u;
/** Characters that show nothing (zero width, soft hyphen, selectors), which some tokenizers drop. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;

/**
 * Takes the tokens in a text their power and leaves their letters: `<|im_end|>` becomes `< |im_end| >`. Finds
 * them also in full-width forms and with invisible characters between their letters, because tokenizers that
 * normalise (NFKC) would.
 */
export function defuse(text: string, author: Author): string {
  if (!OPENING.test(text)) return text;
  const tokens = TOKENS[author];
  if (!UNSEEN.test(text) && text.normalize('NFKC') === text) return text.replaceAll(tokens, spread);
  const { plain, origin } = unmask(text);
  let out = '';
  let from = 0;
  for (const { 0: token, index } of plain.matchAll(tokens)) {
    const start = origin[index] ?? 0;
    const last = origin[index + token.length - 1] ?? start;
    const end = last + letterAt(text, last).length;
    out += text.slice(from, start) + spread(text.slice(start, end));
    from = end;
  }
  return out + text.slice(from);
}

function spread(token: string): string {
  const letters = [...token];
  return `${letters[0]} ${letters.slice(1, -1).join('')} ${letters.at(-1)}`;
}

function letterAt(text: string, index: number): string {
  return String.fromCodePoint(text.codePointAt(index) ?? 0);
}

/** The text as such a tokenizer reads it, and where each of its characters stands in the original. */
function unmask(text: string): { plain: string; origin: number[] } {
  let plain = '';
  const origin: number[] = [];
  let at = 0;
  for (const letter of text) {
    if (!UNSEEN.test(letter)) {
      const folded = letter.normalize('NFKC');
      plain += folded;
      for (let i = 0; i < folded.length; i += 1) origin.push(at);
    }
    at += letter.length;
  }
  return { plain, origin };
}
