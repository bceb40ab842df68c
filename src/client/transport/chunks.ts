import type { Dispatcher } from 'undici';

/** What may wait for a reader before its sender is asked to pause. */
const MAX_WAITING_BYTES = 64 * 1024;

/** The pieces of one body between the socket that brings them and the one who reads them, once and in order. */
export class Chunks implements AsyncIterableIterator<Uint8Array> {
  private readonly waiting: Uint8Array[] = [];
  private bytes = 0;
  private over = false;
  private error: Error | undefined;
  private wake: (() => void) | undefined;

  constructor(private readonly controller: Dispatcher.DispatchController) {}

  add(chunk: Uint8Array): void {
    if (this.over) return;
    this.waiting.push(chunk);
    this.bytes += chunk.byteLength;
    if (this.bytes > MAX_WAITING_BYTES) this.controller.pause();
    this.wake?.();
  }

  end(error?: Error): void {
    this.over = true;
    this.error ??= error;
    this.wake?.();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.waiting.length === 0 && !this.over) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = undefined;
    }
    const value = this.waiting.shift();
    if (value) {
      this.bytes -= value.byteLength;
      if (this.bytes <= MAX_WAITING_BYTES) this.controller.resume();
      return { done: false, value };
    }
    if (this.error) throw this.error;
    return { done: true, value: undefined };
  }

  /** Whoever leaves early wants no more of it: the connection is closed. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.over) this.controller.abort(new Error('left'));
    this.over = true;
    this.waiting.length = 0;
    return { done: true, value: undefined };
  }
}
