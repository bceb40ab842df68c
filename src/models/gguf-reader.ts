import type { FileHandle } from 'node:fs/promises';
import { WHY_BROKEN } from './messages.js';

/** What a header says cannot be true, or goes beyond what botllm reads. */
export class BrokenGguf extends Error {
  override readonly name = 'BrokenGguf';
}

/** A header holds a vocabulary of some MB; more than this is an attack or another kind of file. */
const LONGEST_HEADER = 128 * 1024 * 1024;
const WINDOW = 256 * 1024;

/** Reads little-endian values from the start of a file, a window at a time, never past its end. */
export class GgufReader {
  #window = Buffer.alloc(0);
  #windowAt = 0;
  position = 0;

  constructor(
    private readonly file: FileHandle,
    private readonly fileSize: number,
  ) {}

  /** The next `count` bytes; valid until the next read. */
  async bytes(count: number): Promise<Buffer> {
    this.#require(count);
    const offset = this.position - this.#windowAt;
    if (offset < 0 || offset + count > this.#window.length) await this.#load(count);
    const start = this.position - this.#windowAt;
    this.position += count;
    return this.#window.subarray(start, start + count);
  }

  skip(count: number): void {
    this.#require(count);
    this.position += count;
  }

  async u32(): Promise<number> {
    return (await this.bytes(4)).readUInt32LE();
  }

  /** A 64-bit number that JavaScript can count with; a larger one is never true of a file. */
  async u64(): Promise<number> {
    const value = (await this.bytes(8)).readBigUInt64LE();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new BrokenGguf(WHY_BROKEN.number(value));
    return Number(value);
  }

  async text(longest: number): Promise<string> {
    const length = await this.u64();
    if (length > longest) throw new BrokenGguf(WHY_BROKEN.text(length));
    return (await this.bytes(length)).toString('utf8');
  }

  /** Passes over texts: a vocabulary has 50,000 to 300,000 of them, too many to wait for each. */
  async skipTexts(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      left -= this.#skipTextsInWindow(left);
      if (left === 0) return;
      // Its length reaches over the end of the window, or the text before it did.
      this.skip(await this.u64());
      left -= 1;
    }
  }

  /** @returns how many it passed over; each of them began with its length inside the window */
  #skipTextsInWindow(most: number): number {
    for (let done = 0; done < most; done += 1) {
      const offset = this.position - this.#windowAt;
      if (offset < 0 || offset + 8 > this.#window.length) return done;
      const length = this.#window.readUInt32LE(offset) + this.#window.readUInt32LE(offset + 4) * 2 ** 32;
      this.skip(8 + length);
    }
    return most;
  }

  #require(count: number): void {
    if (this.position + count > this.fileSize) {
      throw new BrokenGguf(WHY_BROKEN.endsInHeader(this.fileSize));
    }
    if (this.position + count > LONGEST_HEADER) {
      throw new BrokenGguf(WHY_BROKEN.longHeader(LONGEST_HEADER));
    }
  }

  async #load(count: number): Promise<void> {
    const wanted = Math.min(Math.max(count, WINDOW), this.fileSize - this.position);
    const buffer = Buffer.allocUnsafe(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await this.file.read(buffer, filled, wanted - filled, this.position + filled);
      if (bytesRead === 0) throw new BrokenGguf(WHY_BROKEN.shrank);
      filled += bytesRead;
    }
    this.#window = buffer;
    this.#windowAt = this.position;
  }
}
