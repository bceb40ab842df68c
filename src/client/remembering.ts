/** More than a bot's tasks have of instructions and examples. */
const MAX_TEXTS = 128;
const MAX_CHARS = 8_000;

/** Does the same work on the same text once, as long as the texts are few. */
export function remembering(work: (text: string) => string): (text: string) => string {
  const done = new Map<string, string>();
  return (text) => {
    const known = done.get(text);
    if (known !== undefined) return known;
    const made = work(text);
    if (done.size >= MAX_TEXTS) done.clear();
    if (text.length <= MAX_CHARS) done.set(text, made);
    return made;
  };
}
