/**
 * Notices where a JSON document ends. A grammar would go on to ask the model for an end token; the closing
 * bracket says the same one decode step earlier, and no trailing blanks come.
 */
export class JsonEnd {
  private depth = 0;
  private inString = false;
  private escaped = false;

  /** Length of the part of `text` that still belongs to the document, or null while it goes on. */
  push(text: string): number | null {
    for (let i = 0; i < text.length; i++) {
      const char = text[i];
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (char === '\\') this.escaped = true;
        else if (char === '"') this.inString = false;
        if (this.inString || this.depth > 0) continue;
        return i + 1;
      }
      if (char === '"') this.inString = true;
      else if (char === '{' || char === '[') this.depth += 1;
      else if ((char === '}' || char === ']') && --this.depth === 0) return i + 1;
    }
    return null;
  }
}
