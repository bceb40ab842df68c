/**
 * Lets text through up to the first stop string. What could be the beginning of one is held back, so that no
 * part of a stop string that comes over several tokens is ever shown.
 */
export class StopFilter {
  private held = '';
  stopped = false;

  constructor(private readonly stops: readonly string[]) {}

  /** Text that may be shown now. */
  push(text: string): string {
    if (this.stopped) return '';
    if (this.stops.length === 0) return text;
    this.held += text;
    const at = this.firstStop();
    if (at !== undefined) {
      this.stopped = true;
      return this.take(at, '');
    }
    const keep = this.longestBeginning();
    return this.take(this.held.length - keep, this.held.slice(this.held.length - keep));
  }

  /** What was held back when no more text comes. */
  end(): string {
    return this.stopped ? '' : this.take(this.held.length, '');
  }

  private take(length: number, rest: string): string {
    const shown = this.held.slice(0, length);
    this.held = rest;
    return shown;
  }

  private firstStop(): number | undefined {
    const found = this.stops.map((stop) => this.held.indexOf(stop)).filter((at) => at >= 0);
    return found.length === 0 ? undefined : Math.min(...found);
  }

  private longestBeginning(): number {
    const longest = Math.max(...this.stops.map((stop) => stop.length - 1));
    for (let length = Math.min(longest, this.held.length); length > 0; length--) {
      const tail = this.held.slice(this.held.length - length);
      if (this.stops.some((stop) => stop.startsWith(tail))) return length;
    }
    return 0;
  }
}
