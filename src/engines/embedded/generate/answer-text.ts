import { JsonEnd } from './json-end.js';
import { StopFilter } from './stop-filter.js';
import { ThoughtFilter } from './thought-filter.js';
import { type Detokenize, TokenText } from './token-text.js';

export interface AnswerTextOptions {
  detokenize: Detokenize;
  stops: readonly string[];
  /** The answer is one JSON document, and ends where that ends. */
  json: boolean;
  dropThought: boolean;
}

/** From the tokens of a model to the text of an answer: whole characters, no thought, no stop string. */
export class AnswerText {
  private readonly text: TokenText;
  private readonly thought: ThoughtFilter | null;
  private readonly jsonEnd: JsonEnd | null;
  private readonly stop: StopFilter;
  private documentEnded = false;

  constructor(options: AnswerTextOptions) {
    this.text = new TokenText(options.detokenize);
    this.thought = options.dropThought ? new ThoughtFilter() : null;
    this.jsonEnd = options.json ? new JsonEnd() : null;
    this.stop = new StopFilter(options.stops);
  }

  /** The answer is complete; further tokens would not be shown. */
  get ended(): boolean {
    return this.documentEnded || this.stop.stopped;
  }

  /** Text that may be shown now. */
  push(token: number): string {
    return this.pass(this.text.push(token));
  }

  /** What was held back, when no more tokens come. */
  end(): string {
    if (this.stop.stopped) return '';
    const shown = this.pass(this.text.end());
    return shown + this.stop.push(this.thought?.end() ?? '') + this.stop.end();
  }

  private pass(raw: string): string {
    if (raw === '' || this.documentEnded) return '';
    const text = this.thought ? this.thought.push(raw) : raw;
    const length = this.jsonEnd?.push(text) ?? null;
    if (length === null) return this.stop.push(text);
    this.documentEnded = true;
    return this.stop.push(text.slice(0, length));
  }
}
