const OPEN = '<think>';
const CLOSE = '</think>';

/**
 * Removes a leading `<think>…</think>` block: with thinking off some models still open an empty one, and a
 * bot must not show it. Anywhere else the words pass as they are.
 */
export class ThoughtFilter {
  private state: 'beginning' | 'thought' | 'gap' | 'text' = 'beginning';
  private held = '';

  push(text: string): string {
    if (this.state === 'text') return text;
    this.held += text;
    if (this.state === 'beginning') {
      const start = this.held.trimStart();
      if (start.startsWith(OPEN)) this.state = 'thought';
      else if (!OPEN.startsWith(start)) return this.release();
      else return '';
    }
    if (this.state === 'thought') {
      const end = this.held.indexOf(CLOSE);
      if (end < 0) return '';
      this.held = this.held.slice(end + CLOSE.length);
      this.state = 'gap';
    }
    // The blank lines after the block belong to it.
    this.held = this.held.trimStart();
    return this.held === '' ? '' : this.release();
  }

  /** What was held back when no more text comes; an unfinished thought is not an answer. */
  end(): string {
    return this.state === 'beginning' ? this.release() : '';
  }

  private release(): string {
    this.state = 'text';
    const text = this.held;
    this.held = '';
    return text;
  }
}
